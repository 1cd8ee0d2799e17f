using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

public sealed class SubjectAttributeTests
{
    [Fact]
    public void The_attributes_are_in_the_order_of_a_subject()
    {
        Assert.Equal(
            [
                ("common_name", "2.5.4.3", "CN"),
                ("country", "2.5.4.6", "C"),
                ("email_address", "1.2.840.113549.1.9.1", "E"),
                ("locality", "2.5.4.7", "L"),
                ("organization", "2.5.4.10", "O"),
                ("organizational_unit", "2.5.4.11", "OU"),
                ("state", "2.5.4.8", "ST"),
            ],
            SubjectAttributes.All.Select(a => (a.RequestKey, a.Oid, a.Keyword)));
        Assert.Equal(
            [
                SubjectAttributes.CommonName, SubjectAttributes.Country, SubjectAttributes.EmailAddress,
                SubjectAttributes.Locality, SubjectAttributes.Organization, SubjectAttributes.OrganizationalUnit,
                SubjectAttributes.State,
            ],
            SubjectAttributes.All);
    }

    [Theory]
    [InlineData("common_name", "x")]
    [InlineData("common_name", " ")]
    [InlineData("common_name", "name ")]
    [InlineData("common_name", "a,b")]
    [InlineData("common_name", "<b>x</b>")]
    [InlineData("common_name", "José")]
    [InlineData("common_name", "line\nbreak")]
    [InlineData("country", "GB", NameStringType.PrintableString)]
    [InlineData("country", "gb", NameStringType.PrintableString)]
    [InlineData("country", "1?", NameStringType.PrintableString)]
    [InlineData("email_address", "someone@example.com", NameStringType.Ia5String)]
    [InlineData("email_address", "no address", NameStringType.Ia5String)]
    [InlineData("organization", "Acme, Inc.")]
    [InlineData("organization", "a=b")]
    [InlineData("organization", "#1 Company")]
    [InlineData("organization", " padded ")]
    [InlineData("organization", "a\0b")]
    [InlineData("organization", "Rocket 🚀")]
    [InlineData("locality", "a;b<c>d")]
    [InlineData("state", "back\\slash")]
    [InlineData("organizational_unit", "The \"Best\" Org")]
    public void A_value_stays_as_it_is(
        string key, string value, NameStringType stringType = NameStringType.Utf8String)
    {
        SubjectAttribute attribute = SubjectAttributes.All.Single(a => a.RequestKey == key);

        Assert.True(attribute.TryMake(value, out NameAttribute? made, out string? why));

        Assert.Null(why);
        Assert.Equal(new NameAttribute(attribute.Oid, stringType, value), made);
        Assert.Equal(stringType, attribute.StringType);
    }

    [Theory]
    [InlineData("common_name", "", "must not be empty")]
    [InlineData("common_name", "a\0b", "must not hold a NUL character")]
    [InlineData("country", "", "must be two letters, such as GB")]
    [InlineData("country", "G", "must be two letters, such as GB")]
    [InlineData("country", "GBR", "must be two letters, such as GB")]
    [InlineData("country", "üü", "must be two letters, such as GB")]
    [InlineData("country", "G*", "must be two letters, such as GB")]
    [InlineData("country", "G\0", "must be two letters, such as GB")]
    [InlineData("country", "\uD83D\uDE00", "must be two letters, such as GB")]
    [InlineData("email_address", "", "must not be empty")]
    [InlineData("email_address", "müller@example.com", "must be ASCII")]
    [InlineData("email_address", "a@example.com\0.evil.org", "must not hold a NUL character")]
    [InlineData("organization", "", "must not be empty")]
    public void A_bad_value_is_refused_with_the_reason(string key, string value, string reason)
    {
        SubjectAttribute attribute = SubjectAttributes.All.Single(a => a.RequestKey == key);

        Assert.False(attribute.TryMake(value, out NameAttribute? made, out string? why));

        Assert.Null(made);
        Assert.Equal(reason, why);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        // Attributes cannot hold these texts.
        foreach (string text in new[] { "a\uD83D", "\uDE00a", "\uDC00", "\uDE00\uD83D" })
        {
            Assert.All(SubjectAttributes.All, attribute =>
            {
                Assert.False(attribute.TryMake(text, out _, out string? why));
                Assert.Equal("must be well-formed Unicode", why);
            });
        }
    }

    [Theory]
    [InlineData("common_name", "c", 64)]
    [InlineData("common_name", "é", 64)]
    [InlineData("common_name", "🚀", 64)]
    [InlineData("email_address", "e", 255)]
    [InlineData("locality", "x", 4096)]
    [InlineData("organization", "🚀", 4096)]
    [InlineData("organizational_unit", "é", 4096)]
    [InlineData("state", "x", 4096)]
    public void Lengths_count_characters_not_octets(string key, string character, int most)
    {
        SubjectAttribute attribute = SubjectAttributes.All.Single(a => a.RequestKey == key);
        string fits = string.Concat(Enumerable.Repeat(character, most));

        Assert.Equal(most, attribute.MaxLength);
        Assert.True(attribute.TryMake(fits, out _, out _));
        Assert.False(attribute.TryMake(fits + character, out _, out string? why));
        Assert.Equal($"must have at most {most} characters", why);
    }
}
