using ServerlessCA.Cli.Output;

namespace ServerlessCA.Cli.Tests.Output;

public sealed class MarkdownTextTests
{
    [Theory]
    [InlineData("Private key has already been used for a certificate", "Private key has already been used for a certificate")]
    [InlineData("there is no certificate with serial number 17: correct it", "there is no certificate with serial number 17: correct it")]
    [InlineData("sans: DNS_NAME 'bad_name' was left out", "sans: `DNS_NAME` `bad_name` was left out")]
    [InlineData("'DNS_NAME a.example' would go", "`DNS_NAME a.example` would go")]
    [InlineData("Lifetime: '365 days' would be '90 days'", "Lifetime: '365 days' would be '90 days'")]
    [InlineData("expires 2030-01-02 12:00:00 UTC", "expires 2030-01-02 12:00:00 UTC")]
    [InlineData("see force_issue, or not", "see `force_issue`, or not")]
    [InlineData("@everyone look", "`@everyone` look")]
    [InlineData("a|b", @"`a\u007cb`")]
    [InlineData("<img src=x>", "`<img` `src=x>`")]
    [InlineData("![x](http://evil.example/y.png)", "`![x](http://evil.example/y.png`)")]
    [InlineData("www.evil.example and #1", "`www.evil.example` and `#1`")]
    [InlineData("`code` ``more``", @"`\u0060code\u0060` `\u0060\u0060more\u0060\u0060`")]
    [InlineData("one\ntwo\r", @"`one\u000atwo\u000d`")]
    [InlineData("a\u202eb", @"`a\u202eb`")]
    [InlineData(@"back\slash", @"`back\slash`")]
    [InlineData("'it's'", "'it's'")]
    [InlineData("did you mean 'csr_file'?", "did you mean `csr_file`?")]
    [InlineData("'a b", "'a b")]
    [InlineData("", "")]
    public void Words_that_do_nothing_stay_and_the_others_stand_in_code(string text, string cell) => Assert.Equal(cell, MarkdownText.Cell(text));

    [Theory]
    [InlineData("www.example.com", "`www.example.com`")]
    [InlineData("evil`|`<b>@torvalds", @"`evil\u0060\u007c\u0060<b>@torvalds`")]
    [InlineData(" ", "")]
    public void A_name_is_one_code_span(string name, string span) => Assert.Equal(span, MarkdownText.Code(name));

    [Fact]
    public void No_line_ends_a_block() =>
        Assert.Equal("````diff\n```\n- a\n\\u000a\n````\n", MarkdownText.Block("diff", ["```", "- a", "\n"]));
}
