using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

/// <summary>OpenSSL reads our encodings, out of a certificate that holds them.</summary>
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
