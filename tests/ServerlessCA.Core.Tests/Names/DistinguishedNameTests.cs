using System.Text;
using CsCheck;
using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

public sealed class DistinguishedNameTests
{
    private const string CommonName = "2.5.4.3";
    private const string Organization = "2.5.4.10";

    [Fact]
    public void A_subject_reads_last_attribute_first_and_keeps_its_order_in_DER()
    {
        DistinguishedName name = DistinguishedName.Of(
        [
            SomeNames.Utf8(CommonName, "service.example.com"),
            new NameAttribute("2.5.4.6", NameStringType.PrintableString, "GB"),
            new NameAttribute("1.2.840.113549.1.9.1", NameStringType.Ia5String, "csr@example.com"),
            SomeNames.Utf8("2.5.4.7", "London"),
            SomeNames.Utf8(Organization, "CSR Org"),
            SomeNames.Utf8("2.5.4.11", "CSR Unit"),
            SomeNames.Utf8("2.5.4.8", "England"),
        ]);

        // subject/from-csr
        Assert.Equal(
            "ST=England,OU=CSR Unit,O=CSR Org,L=London,1.2.840.113549.1.9.1=csr@example.com,C=GB,"
            + "CN=service.example.com",
            name.ToString());
        Assert.Equal("service.example.com", name.Rdns[0].Single().Value);
        Assert.All(name.Rdns, rdn => Assert.Single(rdn));
    }

    [Fact]
    public void The_DER_is_the_one_of_RFC_5280()
    {
        DistinguishedName name = DistinguishedName.Of(
        [
            new NameAttribute("2.5.4.6", NameStringType.PrintableString, "GB"),
            SomeNames.Utf8(CommonName, "é"),
            new NameAttribute("1.2.840.113549.1.9.1", NameStringType.Ia5String, "a@b"),
        ]);

        Assert.Equal(
            "302E"
            + "310B3009" + "0603550406" + "13024742"
            + "310B3009" + "0603550403" + "0C02C3A9"
            + "31123010" + "06092A864886F70D010901" + "1603614062",
            Convert.ToHexString(name.Der.Span));
    }

    [Theory] // subject/*
    [InlineData("A+B", "A\\+B")]
    [InlineData("Acme, Inc.", "Acme\\, Inc.")]
    [InlineData("a=b", "a=b")]
    [InlineData("The \"Best\" Org", "The \\\"Best\\\" Org")]
    [InlineData("back\\slash", "back\\\\slash")]
    [InlineData("a;b<c>d", "a\\;b\\<c\\>d")]
    [InlineData("#1 Company", "\\#1 Company")]
    [InlineData("a#1", "a#1")]
    [InlineData(" padded ", "\\ padded\\ ")]
    [InlineData(" ", "\\ ")]
    [InlineData("  ", "\\ \\ ")]
    [InlineData("   ", "\\  \\ ")]
    [InlineData("name ", "name\\ ")]
    [InlineData("line\nbreak", "line\nbreak")]
    [InlineData("Ünïcödé Örg", "Ünïcödé Örg")]
    [InlineData("Rocket 🚀", "Rocket 🚀")]
    [InlineData("a\0b", "a\\00b")]
    [InlineData("a/b/c", "a/b/c")]
    [InlineData("", "")]
    public void Values_are_escaped_as_the_original_does(string value, string expected) =>
        Assert.Equal("O=" + expected, DistinguishedName.Of([SomeNames.Utf8(Organization, value)]).ToString());

    [Theory]
    [InlineData("2.5.4.3", "CN")]
    [InlineData("2.5.4.7", "L")]
    [InlineData("2.5.4.8", "ST")]
    [InlineData("2.5.4.10", "O")]
    [InlineData("2.5.4.11", "OU")]
    [InlineData("2.5.4.6", "C")]
    [InlineData("2.5.4.9", "STREET")]
    [InlineData("0.9.2342.19200300.100.1.25", "DC")]
    [InlineData("0.9.2342.19200300.100.1.1", "UID")]
    [InlineData("2.5.4.5", "2.5.4.5")]
    [InlineData("2.5.4.12", "2.5.4.12")]
    [InlineData("1.2.840.113549.1.9.1", "1.2.840.113549.1.9.1")]
    public void Only_the_short_names_of_RFC_4514_are_written(string oid, string key) =>
        Assert.Equal(key + "=x", DistinguishedName.Of([SomeNames.Utf8(oid, "x")]).ToString());

    [Fact]
    public void An_empty_name_is_an_empty_sequence()
    {
        DistinguishedName name = DistinguishedName.Of([]);

        Assert.Equal("3000", Convert.ToHexString(name.Der.Span));
        Assert.Equal("", name.ToString());
        Assert.Empty(name.Rdns);
    }

    [Fact]
    public void Values_come_in_order_and_only_of_the_type()
    {
        DistinguishedName name = DistinguishedName.Of(
        [
            SomeNames.Utf8(CommonName, "a"), SomeNames.Utf8(Organization, "b"), SomeNames.Utf8(CommonName, "c"),
        ]);

        Assert.Equal(["a", "c"], name.Values(CommonName));
        Assert.Empty(name.Values("2.5.4.11"));
    }

    [Fact]
    public void Names_are_equal_when_their_DER_is()
    {
        DistinguishedName name = DistinguishedName.Of([SomeNames.Utf8(CommonName, "a")]);
        Assert.True(DistinguishedName.TryDecode(name.Der, out DistinguishedName? same));
        DistinguishedName printable = DistinguishedName.Of(
            [new NameAttribute(CommonName, NameStringType.PrintableString, "a")]);

        Assert.Equal(name, same);
        Assert.Equal(name.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(name, printable);
    }

    [Theory]
    [InlineData("2.5.4.3", NameStringType.Ia5String, "é")]
    [InlineData("2.5.4.3", NameStringType.PrintableString, "a*b")]
    [InlineData("2.5.4.3", NameStringType.BmpString, "a")]
    [InlineData("2.5.4.3", NameStringType.T61String, "a")]
    [InlineData("2.5.4.3", NameStringType.Other, "#0500")]
    [InlineData("CN", NameStringType.Utf8String, "a")]
    [InlineData("9.1", NameStringType.Utf8String, "a")]
    public void What_cannot_be_encoded_is_a_fault(string oid, NameStringType type, string value) =>
        Assert.ThrowsAny<ArgumentException>(() => DistinguishedName.Of([new NameAttribute(oid, type, value)]));

    [Fact]
    public void Half_a_surrogate_pair_is_a_fault() => // attributes cannot hold this text
        Assert.ThrowsAny<ArgumentException>(() => DistinguishedName.Of([SomeNames.Utf8(CommonName, "a\uD800")]));

    [Fact]
    public void Decoding_gives_back_what_was_encoded() => SomeNames.Attribute.Array[0, 8].Sample(attributes =>
    {
        DistinguishedName name = DistinguishedName.Of(attributes);

        Assert.True(DistinguishedName.TryDecode(name.Der, out DistinguishedName? read));
        Assert.Equal(name, read);
        Assert.Equal(attributes, read.Rdns.SelectMany(rdn => rdn));
    });

    [Fact]
    public void Text_reads_back_in_reverse() => SomeNames.Attribute.Array[1, 8].Sample(attributes =>
    {
        string text = DistinguishedName.Of(attributes).ToString();

        Assert.True(DistinguishedName.TryParse(text, out DistinguishedName? read, out string? why, out _), why);
        Assert.Equal(attributes.Reverse(), read.Rdns.Select(rdn => Assert.Single(rdn)));
    });

    [Fact]
    public void The_largest_subject_this_CA_makes_can_be_read_back()
    {
        string longest = string.Concat(Enumerable.Repeat("🚀", 4096));
        DistinguishedName name = DistinguishedName.Of(SubjectAttributes.All
            .Where(attribute => attribute.MaxLength == 4096)
            .Select(attribute => SomeNames.Utf8(attribute.Oid, longest)));

        Assert.True(name.Der.Length > 4 * Encoding.UTF8.GetByteCount(longest));
        Assert.True(DistinguishedName.TryDecode(name.Der, out DistinguishedName? read));
        Assert.Equal(name, read);
    }
}
