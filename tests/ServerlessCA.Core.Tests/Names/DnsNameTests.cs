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
    public void A_domain_name_in_ASCII_is_taken_as_it_is(string text)
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
