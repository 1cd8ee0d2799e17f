using System.Net;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

public sealed class SubjectAlternativeNameTests
{
    [Theory] // RFC 5280 §4.2.1.6: tags 1, 2, 4 (explicit), 6 and 7
    [InlineData("DNS_NAME", "a.bc", "3006" + "8204612E6263")]
    [InlineData("DNS_NAME", "*.a.bc", "3008" + "82062A2E612E6263")]
    [InlineData("EMAIL_ADDRESS", "x@a.bc", "3008" + "810678" + "40612E6263")]
    [InlineData("URL", "ab://c", "3008" + "8606" + "61623A2F2F63")]
    [InlineData("IP_ADDRESS", "10.0.0.1", "3006" + "8704" + "0A000001")]
    [InlineData("IP_ADDRESS", "::1", "3012" + "8710" + "00000000000000000000000000000001")]
    [InlineData("DN", "C=GB", "3011" + "A40F" + "300D" + "310B" + "3009" + "0603550406" + "13024742")]
    public void Each_type_has_its_tag(string type, string text, string der) =>
        Assert.Equal(der, Convert.ToHexString(SubjectAlternativeName.Encode([Read(type, text)])));

    [Fact]
    public void Names_keep_their_order_and_duplicates()
    {
        byte[] der = SubjectAlternativeName.Encode(
        [
            Read("DNS_NAME", "z.bc"), Read("IP_ADDRESS", "1.2.3.4"), Read("DNS_NAME", "a.bc"),
            Read("DNS_NAME", "z.bc"),
        ]);

        Assert.Equal(
            "3018" + "82047A2E6263" + "870401020304" + "8204612E6263" + "82047A2E6263", Convert.ToHexString(der));
    }

    [Fact]
    public void The_common_name_can_stand_in()
    {
        Assert.True(DnsName.TryParse("bücher.example", out DnsName? domain));

        DnsGeneralName name = DnsGeneralName.Of(domain);

        Assert.Equal("xn--bcher-kva.example", name.Text);
        Assert.Equal(
            SubjectAlternativeName.Encode([Read("DNS_NAME", "bücher.example")]),
            SubjectAlternativeName.Encode([name]));
    }

    [Fact]
    public void No_names_are_a_fault() =>
        Assert.Throws<ArgumentException>(() => SubjectAlternativeName.Encode([]));

    [Fact]
    public void The_platform_reads_the_extension_as_it_is_meant()
    {
        byte[] der = SubjectAlternativeName.Encode(
        [
            Read("DNS_NAME", "bücher.example.com"), Read("IP_ADDRESS", "2001:db8::1"),
            Read("DNS_NAME", "*.Example.com"), Read("IP_ADDRESS", "10.0.0.1"),
            Read("URL", "spiffe://x/y"), Read("DN", "CN=a+O=b"),
        ]);

        var extension = new X509SubjectAlternativeNameExtension(der);

        Assert.Equal(["xn--bcher-kva.example.com", "*.Example.com"], extension.EnumerateDnsNames());
        Assert.Equal([IPAddress.Parse("2001:db8::1"), IPAddress.Parse("10.0.0.1")], extension.EnumerateIPAddresses());
    }

    [Fact]
    public void Hundreds_of_names_fit()
    {
        GeneralName[] names = [.. Enumerable.Range(0, 1000).Select(i => Read("DNS_NAME", $"host{i}.example.com"))];

        var extension = new X509SubjectAlternativeNameExtension(SubjectAlternativeName.Encode(names));

        Assert.Equal(names.Select(n => n.Text), extension.EnumerateDnsNames());
    }

    private static GeneralName Read(string type, string text)
    {
        Assert.True(GeneralName.TryParse(type, text, out GeneralName? name, out string? why), why);
        return name;
    }
}
