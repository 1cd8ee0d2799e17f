using CsCheck;
using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

public sealed class DirectoryGeneralNameRefusalTests
{
    [Theory]
    [InlineData("XCN=foo", "must have one of CN, O, OU, C, ST, L, E and DC")]
    [InlineData("foo=bar", "must have one of CN, O, OU, C, ST, L, E and DC")]
    [InlineData("CN=", "has a wrong CN: it must not be empty")]
    [InlineData("CN=,O=Org", "has a wrong CN: it must not be empty")]
    [InlineData("O=Org,CN=   ", "has a wrong CN: it must not be empty")]
    [InlineData("CN=\"\"", "has a wrong CN: it must not be empty")]
    [InlineData("CN=x,C=USA", "has a wrong C: it must be two letters, such as GB")]
    [InlineData("CN=x,c=U*", "has a wrong c: it must be two letters, such as GB")]
    [InlineData(
        "CN=nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn",
        "has a wrong CN: it must have at most 64 characters")]
    [InlineData("CN=x,E=müller@example.com", "has a wrong E: it must be ASCII")]
    [InlineData("DC=münchen,DC=de", "has a wrong DC: it must be ASCII")]
    [InlineData("CN=a\\00b", "has a wrong CN: it must not hold a NUL character")]
    [InlineData("CN=a\0b", "has a wrong CN: it must not hold a NUL character")]
    [InlineData("CN=#0C0161", "has a wrong CN: it must be text, not # and hexadecimal")]
    [InlineData("CN= #x", "has a wrong CN: it must be text, not # and hexadecimal")]
    [InlineData("CN=a+CN=b", "must not have CN twice between commas")]
    [InlineData("CN=a+2.5.4.3=b", "must not have 2.5.4.3 twice between commas")]
    public void A_name_with_a_bad_attribute_is_refused_whole(string text, string reason) =>
        Assert.Equal(reason, WhyNot(text));

    [Fact]
    public void Half_a_surrogate_pair_is_refused() // attributes cannot hold this text
    {
        Assert.Equal("has a wrong CN: it must be well-formed Unicode", WhyNot("CN=a\uD83D"));
        Assert.Equal("has a wrong CN: it must be well-formed Unicode", WhyNot("CN=\uD83D\\,\uDE00"));
    }

    [Theory]
    [InlineData("", "must be attributes")]
    [InlineData("hello", "must be attributes")]
    [InlineData("/CN=a/O=b", "must be attributes")]
    [InlineData("=a", "must be attributes")]
    [InlineData("CN=a,", "must be attributes")]
    [InlineData(",CN=a", "must be attributes")]
    [InlineData("CN=a,,O=b", "must be attributes")]
    [InlineData("CN=a+", "must be attributes")]
    [InlineData("O=R+D", "must be attributes")]
    [InlineData("CN=Doe, John,O=b", "must be attributes")]
    [InlineData("CN=a, O", "must be attributes")]
    [InlineData("C N=a", "must be attributes")]
    [InlineData("1CN=a", "must be attributes")]
    [InlineData("CÑ=a", "must be attributes")]
    [InlineData("\nCN=a", "must be attributes")]
    [InlineData("CN\0=a", "must be attributes")]
    [InlineData("CN=a\\", "after each backslash")]
    [InlineData("CN=a\\x", "after each backslash")]
    [InlineData("CN=a\\C", "after each backslash")]
    [InlineData("CN=a\\\n", "after each backslash")]
    [InlineData("CN=\\C4", "after each backslash")]
    [InlineData("CN=\\C4,O=b", "after each backslash")]
    [InlineData("CN=\\C4x\\8D", "after each backslash")]
    [InlineData("CN=\\C4\\,", "after each backslash")]
    [InlineData("CN=\\FF\\FE", "after each backslash")]
    [InlineData("CN=\\ED\\A0\\80", "after each backslash")]
    [InlineData("CN=\"\\C4\"", "after each backslash")]
    [InlineData("CN=\"\\x\"", "after each backslash")]
    [InlineData("CN=a\"b", "quotation mark")]
    [InlineData("CN=\"a", "quotation mark")]
    [InlineData("CN=\"a\\\"", "quotation mark")]
    [InlineData("CN=\"a\"b,O=c", "quotation mark")]
    [InlineData("CN=\"a\" \"b\"", "quotation mark")]
    public void Malformed_text_is_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, WhyNot(text), StringComparison.Ordinal);

    [Fact]
    public void The_text_has_at_most_4096_characters_and_64_attributes()
    {
        Assert.True(GeneralName.TryParse("DN", "O=".PadRight(4096, 'x'), out _, out _));
        Assert.Equal("must have at most 4096 characters", WhyNot("O=".PadRight(4097, 'x')));

        string most = string.Join(',', Enumerable.Repeat("OU=a", 64));
        Assert.True(GeneralName.TryParse("DN", most, out _, out _));
        Assert.Equal("must have at most 64 attributes", WhyNot(most + ",OU=a"));
        Assert.Equal("must have at most 64 attributes", WhyNot(most + "+UID=a"));
    }

    [Fact]
    public void Any_text_is_read_or_refused_with_a_reason() => Gen.OneOf(
        Gen.Char["CNOUDL=,+\\\"# ;<>0Cé\0"].Array[0, 24].Select(c => new string(c)),
        Gen.String).Sample(
        text =>
        {
            bool read = DistinguishedName.TryParse(text, out DistinguishedName? name, out string? why, out _);

            Assert.Equal(read, name is not null);
            Assert.Equal(read, why is null);
            Assert.True(!read || DistinguishedName.TryDecode(name!.Der, out _));
        },
        iter: 20_000);

    private static string? WhyNot(string text)
    {
        Assert.False(GeneralName.TryParse("DN", text, out GeneralName? name, out string? why));
        Assert.Null(name);
        Assert.NotNull(why);
        return why;
    }
}
