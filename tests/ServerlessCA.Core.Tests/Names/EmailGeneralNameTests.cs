using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

public sealed class EmailGeneralNameTests
{
    private const string Local64 = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

    [Theory]
    [InlineData("user@example.com")]
    [InlineData("first.last+tag@sub.example.com")]
    [InlineData("User@Example.COM")]
    [InlineData("a@b.co")]
    [InlineData("-!#$%&'*+/=?^_`{|}~@example.com")]
    [InlineData("\"much.more\"@example.com")]
    [InlineData("\"a,b:c<d>\"@example.com")]
    [InlineData("\"a\\.b\"@example.com")]
    [InlineData("\"\"@example.com")]
    [InlineData("user@xn--bcher-kva.example")]
    [InlineData(Local64 + "@example.com")]
    public void An_address_is_taken_as_it_is(string text)
    {
        Assert.True(GeneralName.TryParse("EMAIL_ADDRESS", text, out GeneralName? name, out string? why));

        EmailGeneralName email = Assert.IsType<EmailGeneralName>(name);
        Assert.Null(why);
        Assert.Equal("EMAIL_ADDRESS", email.Type);
        Assert.Equal(text, email.Text);
        Assert.Equal(text, email.Address);
    }

    [Fact]
    public void A_domain_outside_ASCII_becomes_A_labels()
    {
        Assert.True(GeneralName.TryParse("EMAIL_ADDRESS", "User@bücher.example", out GeneralName? name, out _));

        Assert.Equal("User@xn--bcher-kva.example", Assert.IsType<EmailGeneralName>(name).Address);
        Assert.Equal("User@bücher.example", name.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("plain")]
    [InlineData("missing@")]
    [InlineData("@example.com")]
    [InlineData("a@b@example.com")]
    [InlineData("\"a@b\"@example.com")]
    [InlineData("user@localhost")]
    [InlineData("user@10.0.0.1")]
    [InlineData("user@[10.0.0.1]")]
    [InlineData("user@*.example.com")]
    [InlineData("user@example.com.")]
    [InlineData("user@-bad.com")]
    [InlineData("user@a_b.com")]
    [InlineData("a b@example.com")]
    [InlineData(" a@example.com")]
    [InlineData("a@ example.com")]
    [InlineData("a@example.com ")]
    [InlineData("a\n@example.com")]
    [InlineData("a@example.com\n")]
    [InlineData("a@example.com\0")]
    [InlineData("a\0@example.com")]
    [InlineData(".a@example.com")]
    [InlineData("a.@example.com")]
    [InlineData("a..b@example.com")]
    [InlineData("a,b@example.com")]
    [InlineData("a\"b@example.com")]
    [InlineData("\"a@example.com")]
    [InlineData("\"@example.com")]
    [InlineData("\"a\"b\"@example.com")]
    [InlineData("\"a b\"@example.com")]
    [InlineData("\"a\\\"@example.com")]
    [InlineData("\"a\\b\"@example.com")]
    [InlineData("\"a\u0001b\"@example.com")]
    [InlineData("\"a\u007Fb\"@example.com")]
    [InlineData("Bob <bob@example.com>")]
    [InlineData("mailto:bob@example.com")]
    [InlineData("müller@example.com")]
    [InlineData("\"müller\"@example.com")]
    [InlineData("user@ｅxample.com")]
    [InlineData("user＠example.com")]
    [InlineData(Local64 + "x@example.com")]
    public void What_is_no_address_in_ASCII_is_refused(string text)
    {
        Assert.False(GeneralName.TryParse("EMAIL_ADDRESS", text, out GeneralName? name, out string? why));

        Assert.Null(name);
        Assert.Equal("must be an e-mail address in ASCII, such as user@example.com", why);
    }

    [Fact]
    public void An_address_has_at_most_254_characters()
    {
        string domain = string.Concat(Enumerable.Repeat("abcdefghi.", 18)) + "abcdef.com";
        string tooLong = $"{Local64}@{domain}";
        Assert.Equal(255, tooLong.Length);

        Assert.True(GeneralName.TryParse("EMAIL_ADDRESS", tooLong[1..], out _, out _));
        Assert.False(GeneralName.TryParse("EMAIL_ADDRESS", tooLong, out _, out string? why));
        Assert.Equal("must have at most 254 characters", why);
    }
}
