using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CsCheck;
using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

/// <summary>Names that others encoded are shown as texts.</summary>
public sealed class GeneralNamesTests
{
    [Fact]
    public void Names_are_written_with_their_types()
    {
        GeneralName[] names =
        [
            .. from name in (string[])["DNS_NAME www.example.com", "IP_ADDRESS 192.0.2.7", "IP_ADDRESS 2001:db8::7", "EMAIL_ADDRESS a@example.com", "URL https://example.com/", "DN CN=a"]
               let parts = name.Split(' ', 2)
               select GeneralName.TryParse(parts[0], parts[1], out GeneralName? parsed, out _) ? parsed : null!,
        ];

        var reader = new AsnReader(SubjectAlternativeName.Encode(names), AsnEncodingRules.DER);

        Assert.Equal(names.Select(name => $"{name.Type} {name.Text}"), GeneralNames.Read(reader.ReadSequence()));
    }

    [Theory]
    [InlineData("8203fc2e63", "DNS_NAME ü.c")] // no IA5String, and shown as such
    [InlineData("8703010203", "IP_ADDRESS 010203")]
    [InlineData("8803550403", "[8] 8803550403")]
    public void Names_that_are_none_are_shown_as_they_are(string der, string text) =>
        Assert.Equal(text, GeneralNames.ReadOne(new AsnReader(Convert.FromHexString(der), AsnEncodingRules.DER)));

    /// <summary>The platform writes addresses as RFC 5952 does, except for the form that maps IPv4.</summary>
    [Fact]
    public void Addresses_are_written_as_the_platform_writes_them() =>
        Gen.OneOf(Gen.Byte.Array[16], Gen.Int[0, 1].Select(zero => (byte)(zero * 0x1f)).Array[16], Gen.Byte.Array[4])
            .Where(octets => octets.Length == 4 || octets.AsSpan(0, 10).ContainsAnyExcept((byte)0))
            .Where(octets => octets.Length == 4 || !IsEmbedding(octets))
            .Sample(octets =>
            {
                byte[] der = [0x87, (byte)octets.Length, .. octets];
                Assert.Equal($"IP_ADDRESS {new IPAddress(octets)}", GeneralNames.ReadOne(new AsnReader(der, AsnEncodingRules.DER)));
            });

    // Only this platform writes ISATAP addresses with IPv4 notation at the end.
    private static bool IsEmbedding(byte[] octets) => octets[10] == 0x5e && octets[11] == 0xfe;
}

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

/// <summary>OpenSSL reads our encodings from a certificate.</summary>
public sealed class NamesFromOutsideTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task OpenSSL_reads_alternative_names_as_they_are_meant()
    {
        string text = await ShowAsync(
            DistinguishedName.Of([]),
            [
                ("DNS_NAME", "bücher.example.com"), ("DNS_NAME", "*.Example.com"), ("IP_ADDRESS", "10.0.0.1"),
                ("IP_ADDRESS", "::ffff:1.2.3.4"), ("EMAIL_ADDRESS", "User@bücher.example"), ("URL", "spiffe://x/y"),
                ("URL", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), ("DN", "CN=Doe\\, John+OU=R,O=Org,C=US"),
            ]);

        Assert.Contains(
            "DNS:xn--bcher-kva.example.com, DNS:*.Example.com, IP Address:10.0.0.1, "
            + "IP Address:0:0:0:0:0:FFFF:102:304, email:User@xn--bcher-kva.example, URI:spiffe://x/y, "
            + "URI:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6, DirName:",
            text,
            StringComparison.Ordinal);
        Assert.Matches("DirName:.*OU ?= ?R.*CN ?= ?\"?Doe\\\\?, John.*O ?= ?Org.*C ?= ?US", text);
    }

    [Fact]
    public async Task OpenSSL_reads_a_subject_as_it_is_meant()
    {
        DistinguishedName name = DistinguishedName.Of(
        [
            SomeNames.Utf8("2.5.4.3", "José, Jr."),
            new NameAttribute("2.5.4.6", NameStringType.PrintableString, "GB"),
            SomeNames.Utf8("2.5.4.10", " a+b;c<d>\"e\"\\f "),
            SomeNames.Utf8("2.5.4.8", "#1=2"),
        ]);

        string text = await ShowAsync(name, [("DNS_NAME", "example.com")]);

        Assert.Contains("subject=" + name, text, StringComparison.Ordinal);
    }

    private static async Task<string> ShowAsync(DistinguishedName subject, (string Type, string Text)[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(
            new X500DistinguishedName(subject.Der.Span), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension(
            "2.5.29.17", SubjectAlternativeName.Encode([.. names.Select(n => Read(n.Type, n.Text))]), critical: true));
        using X509Certificate2 certificate = request.CreateSelfSigned(Start, Start.AddDays(1));

        return await RunOpenSslAsync(certificate.ExportCertificatePem());
    }

    private static Task<string> RunOpenSslAsync(string pem) => ForeignProgram.OutputAsync(
        "openssl", ["x509", "-noout", "-subject", "-nameopt", "RFC2253,utf8,-esc_msb", "-ext", "subjectAltName"], pem);

    private static GeneralName Read(string type, string text)
    {
        Assert.True(GeneralName.TryParse(type, text, out GeneralName? name, out string? why), why);
        return name;
    }
}
