using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

public sealed class DnsNameTests
{
    private const string Label63 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData("example.com")]
    [InlineData("a.b.c.example.com")]
    [InlineData("WWW.EXAMPLE.COM")]
    [InlineData("Mixed.example.com")]
    [InlineData("a--b.example.com")]
    [InlineData("123.456.com")]
    [InlineData("1a.2b")]
    [InlineData("example.co")]
    [InlineData("host.a_b")]
    [InlineData("host.a-b")]
    [InlineData("xn--bcher-kva.example.com")]
    [InlineData("example.xn--p1ai")]
    [InlineData(Label63 + ".example.com")]
    [InlineData("example." + Label63)]
    [InlineData("*.example.com")]
    [InlineData("*.apps.example.com")]
    [InlineData("*.EXAMPLE.com")]
    public void A_domain_name_in_ASCII_stays_as_it_is(string text)
    {
        Assert.True(DnsName.TryParse(text, out DnsName? name));

        Assert.Equal(text, name.Value);
        Assert.Equal(text, name.ToString());
        Assert.Equal(text[0] == '*', name.IsWildcard);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("localhost")]
    [InlineData("example.com.")]
    [InlineData(".example.com")]
    [InlineData("a..example.com")]
    [InlineData("a_b.example.com")]
    [InlineData("_dmarc.example.com")]
    [InlineData("host._ab")]
    [InlineData("host.a__b")]
    [InlineData("host.ab_")]
    [InlineData("host.ab-")]
    [InlineData("host.-ab")]
    [InlineData("-a.example.com")]
    [InlineData("a-.example.com")]
    [InlineData("10.0.0.1")]
    [InlineData("example.123")]
    [InlineData("example.c1")]
    [InlineData("example.c")]
    [InlineData(Label63 + "a.example.com")]
    [InlineData("example." + Label63 + "a")]
    [InlineData("bad name")]
    [InlineData(" example.com")]
    [InlineData("example.com ")]
    [InlineData("example.com\n")]
    [InlineData("exam\tple.com")]
    [InlineData("example.com\0")]
    [InlineData("example.com\0.evil.org")]
    [InlineData("https://example.com")]
    [InlineData("example.com:443")]
    [InlineData("example.com/path")]
    [InlineData("user@example.com")]
    [InlineData("a,b.com")]
    [InlineData("example\\.com")]
    public void What_is_no_domain_name_is_refused(string text) => Assert.False(DnsName.TryParse(text, out _));

    [Theory]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("*.com")]
    [InlineData("*.*.example.com")]
    [InlineData("**.example.com")]
    [InlineData("a.*.example.com")]
    [InlineData("w*.example.com")]
    [InlineData("*w.example.com")]
    [InlineData("*example.com")]
    [InlineData("example.*")]
    [InlineData("*.example.*")]
    [InlineData("*.10.0.0.1")]
    public void A_wildcard_stands_only_as_the_whole_first_label_over_two_more(string text) =>
        Assert.False(DnsName.TryParse(text, out _));

    [Fact]
    public void A_name_has_at_most_253_octets()
    {
        string fits = $"{Label63}.{Label63}.{Label63}.{new string('b', 61)}";
        Assert.Equal(DnsName.MaxOctets, fits.Length);

        Assert.True(DnsName.TryParse(fits, out _));
        Assert.False(DnsName.TryParse(fits + "b", out _));
        Assert.True(DnsName.TryParse("*." + fits[2..], out _));
        Assert.False(DnsName.TryParse("*." + fits, out _));
        // sans-dns/name-255
        Assert.False(DnsName.TryParse(string.Concat(Enumerable.Repeat("abcdefghi.", 26)) + "com", out _));
        Assert.False(DnsName.TryParse(string.Concat(Enumerable.Repeat("a.", 1_000_000)) + "com", out _));
    }

    [Fact]
    public void Names_are_equal_when_their_text_is()
    {
        Assert.True(DnsName.TryParse("bücher.com", out DnsName? left));
        Assert.True(DnsName.TryParse("xn--bcher-kva.com", out DnsName? right));
        Assert.True(DnsName.TryParse("XN--bcher-kva.com", out DnsName? other));

        Assert.Equal(left, right);
        Assert.NotEqual(left, other);
    }
}

/// <summary>DNS names may have one label where a setting allows it.</summary>
public sealed class SingleLabelTests
{
    [Theory]
    [InlineData("localhost", "localhost")]
    [InlineData("db", "db")]
    [InlineData("a", "a")]
    [InlineData("web-01", "web-01")]
    [InlineData("0xylophone", "0xylophone")]
    [InlineData("bücher", "xn--bcher-kva")]
    public void A_name_of_one_label_is_one_where_it_is_allowed(string text, string ascii)
    {
        Assert.True(GeneralName.TryParse("DNS_NAME", text, out GeneralName? name, out _, singleLabels: true));
        Assert.Equal(ascii, Assert.IsType<DnsGeneralName>(name).Name.Value);
        Assert.True(((DnsGeneralName)name).Name.IsSingleLabel);
        Assert.False(GeneralName.TryParse("DNS_NAME", text, out _, out string? why));
        Assert.Equal("must have at least two labels, such as www.example.com", why);
    }

    [Theory]
    [InlineData("2130706433", "must not be a number, which programs take for an address")]
    [InlineData("0x7f000001", "must not be a number, which programs take for an address")]
    [InlineData("0X", "must not be a number, which programs take for an address")]
    [InlineData("my_db", "may have only letters, digits and hyphens, with no hyphen at either end, between its dots")]
    [InlineData("-db", "may have only letters, digits and hyphens, with no hyphen at either end, between its dots")]
    [InlineData("db.", "must not end with a dot")]
    [InlineData("*", "may have a wildcard only as all of the left-most label, over at least two more, such as *.example.com")]
    [InlineData("*.localhost", "may have a wildcard only as all of the left-most label, over at least two more, such as *.example.com")]
    [InlineData("", "must have at least two labels, such as www.example.com")]
    [InlineData("127.0.0.1", "must be a name, not an address: give addresses as IP_ADDRESS")]
    public void Not_everything_without_a_dot_is_a_name(string text, string expected)
    {
        Assert.False(GeneralName.TryParse("DNS_NAME", text, out _, out string? why, singleLabels: true));
        Assert.Equal(expected, why);
    }

    [Fact]
    public void Names_of_more_labels_are_what_they_were()
    {
        Assert.True(DnsName.TryParse("www.example.com", singleLabels: true, out DnsName? name));
        Assert.False(name.IsSingleLabel);
        Assert.False(DnsName.TryParse("www.1", singleLabels: true, out _));
    }
}
