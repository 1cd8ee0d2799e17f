using System.Globalization;
using System.Text;
using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

public sealed class FoldedNameTests
{
    private const string Plain = "serverless-issuing-ca-dev";

    [Theory]
    [InlineData("serverless-issuing-ca-dev ", "a blank at the end")]
    [InlineData("\u00A0\u3000serverless-issuing-ca-dev\r\n", "blanks of other kinds")]
    [InlineData("SERVERLESS-Issuing-ca-dev", "case")]
    [InlineData("ｓｅｒｖｅｒｌｅｓｓ-issuing-ca-dev", "full width")]
    [InlineData("serverless－issuing－ca－dev", "a full-width hyphen")]
    [InlineData("ＳERVERLESS-ISSUING-CA-DEV", "full width in upper case")]
    public void Case_white_space_and_width_make_no_other_name(string name, string how)
    {
        Assert.True(FoldedName.OfSpelling(name) == FoldedName.OfSpelling(Plain), how);
        Assert.True(FoldedName.OfLook(name) == FoldedName.OfLook(Plain), how);
    }

    [Theory]
    [InlineData("serverless\u200B-issuing-ca-dev", "zero-width space")]
    [InlineData("\uFEFFserverless-issuing-ca-dev", "byte order mark")]
    [InlineData("serverless-iss\u00ADuing-ca-dev", "soft hyphen")]
    [InlineData("serverless-issuing-ca-dev\u202E", "a mark of direction")]
    [InlineData("serverless-issuing-ca-dev\U000E0041", "a tag")]
    [InlineData("serverless-issuing\u3164-ca-dev", "the Hangul filler")]
    [InlineData("serverless-issuing-ca-dev\u0001", "a control character")]
    [InlineData("𝐬𝐞𝐫𝐯𝐞𝐫𝐥𝐞𝐬𝐬-issuing-ca-dev", "mathematical bold")]
    [InlineData("𝓈ℯ𝓇𝓋ℯ𝓇𝓁ℯ𝓈𝓈-issuing-ca-dev", "mathematical script, with its gaps")]
    [InlineData("ⓢⓔⓡⓥⓔⓡⓛⓔⓢⓢ-issuing-ca-dev", "circled")]
    [InlineData("ſerverleſſ-issuing-ca-dev", "long s")]
    [InlineData("serverleˢˢ-issuing-ca-dev", "superscript")]
    [InlineData("serverless﹣issuing-ca-dev", "small hyphen")]
    [InlineData("serverless-issuing-㏄-dev", null)]
    public void A_name_that_looks_like_another_is_folded_with_it_but_is_not_the_same_spelling(string name, string? how)
    {
        FoldedName plain = FoldedName.OfLook(how is null ? "serverless-issuing-cc-dev" : Plain);

        Assert.True(FoldedName.OfLook(name) == plain, how);
        Assert.NotEqual(plain.Text, FoldedName.OfSpelling(name).Text);
    }

    [Theory]
    [InlineData("serverless-issuing-ca-dev2")]
    [InlineData("serverless issuing-ca-dev")]
    [InlineData("serverless-issuing-ca - dev")]
    [InlineData("sérverless-issuing-ca-dev")]
    [InlineData("")]
    public void Another_name_stays_another(string name) => Assert.NotEqual(FoldedName.OfLook(Plain), FoldedName.OfLook(name));

    [Theory]
    [InlineData("a \t b", "a b")]
    [InlineData(" a\u2003\u3000b ", "a b")]
    [InlineData("Müller ΟΔΟΣ ﬁ ⑳", "müller οδοσ fi 20")]
    [InlineData("ﾃｽﾄ￦", "テスト₩")]
    [InlineData("a \u200B b", "a b")]
    public void What_is_left_is_plain(string name, string folded) => Assert.Equal(folded, FoldedName.OfLook(name).Text);

    [Fact]
    public void A_lone_surrogate_is_no_fault() => Assert.Equal("a\uFFFDb", FoldedName.OfLook("a\uD800b").Text);

    // Python's own tables judge; its Unicode is older than ours, but Unicode never withdraws a form.
    [Fact]
    public void Every_compatibility_form_of_ascii_that_Python_knows_is_folded()
    {
        const string script = """
            import unicodedata as u
            for c in range(0x80, 0x110000):
                s = u.normalize('NFKD', chr(c)) if not 0xD800 <= c < 0xE000 else ''
                if s and s.isascii() and s.isprintable() and ' ' not in s:
                    print('%X' % c, s.lower())
            """;
        using var folder = new TemporaryFolder();
        string[] lines = ForeignProgram.OutputIn(folder.Path, "python3", "-c", script).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.True(lines.Length > 1000);
        Assert.All(lines, line =>
        {
            string[] parts = line.Split(' ');
            var form = new Rune(int.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            Assert.Equal(parts[1], FoldedName.OfLook(form.ToString()).Text);
        });
    }
}
