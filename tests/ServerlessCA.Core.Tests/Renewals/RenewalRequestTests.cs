using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Renewals;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Certificates;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xunit;
using CertificateRequest = ServerlessCA.Core.Requests.CertificateRequest;

namespace ServerlessCA.Core.Tests.Renewals;

public sealed class RenewalRequestTests
{
    [Fact]
    public void The_request_asks_for_what_the_certificate_says()
    {
        CertificateRequest request = Request(builder =>
        {
            builder.CertificateExtensions.Add(Usages(ExtendedKeyUsage.ServerAuth, "1.3.6.1.5.5.7.3.3", "1.2.3.4"));
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("www.example.com");
            names.AddIpAddress(System.Net.IPAddress.Parse("192.0.2.7"));
            builder.CertificateExtensions.Add(names.Build());
            builder.CertificateExtensions.Add(new X509Extension("1.2.3.5", [0x05, 0x00], critical: true));
        });

        Assert.Equal(("a", "Example Org", "GB"), (request.CommonName, request.Subject["organization"], request.Subject["country"]));
        Assert.Equal(["server_auth"], request.Purposes);
        Assert.Equal(["CODE_SIGNING", "1.2.3.4"], request.ExtendedKeyUsages);
        Assert.Equal(["DNS_NAME www.example.com", "IP_ADDRESS 192.0.2.7"], request.Sans!.Select(name => $"{name.Type} {name.Text}"));
        Assert.Equal([new RequestedExtension("1.2.3.5", "BQA=", IsCritical: true)], request.Extensions);
        Assert.Equal(30, request.Lifetime);
        Assert.Null(request.Csr);
    }

    [Fact]
    public void A_certificate_without_names_asks_for_none() => Assert.Null(Request(builder => builder.CertificateExtensions.Add(Usages(ExtendedKeyUsage.ClientAuth))).Sans);

    [Theory]
    [InlineData("")]
    [InlineData("1.3.6.1.5.5.7.3.3")]
    [InlineData("2.5.29.37.0")]
    public void A_certificate_that_is_for_neither_clients_nor_servers_is_refused(string usages)
    {
        Certificate certificate = Make("CN=a", builder =>
        {
            if (usages.Length > 0)
            {
                builder.CertificateExtensions.Add(Usages(usages));
            }
        });

        Assert.False(RenewalRequest.TryMake(certificate, out _, out string? why));
        Assert.Equal("it has neither the usage client_auth nor server_auth, and every certificate that can be requested has one of them", why);
    }

    [Theory]
    [InlineData("CN=a, CN=b", "has common_name twice")]
    [InlineData("O=a", "has no common name")]
    [InlineData("CN=a, 1.2.3.4=b", "has the attribute 1.2.3.4, which requests do not have")]
    public void A_subject_that_no_request_has_is_refused(string subject, string expected)
    {
        Assert.False(RenewalRequest.TryMake(Make(subject, _ => { }), out _, out string? why));

        Assert.Contains(expected, why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3003880103", "cannot be requested|alternative name [8]")]
    [InlineData("0500", "cannot be read")]
    [InlineData("3000", "cannot be requested as they are")]
    public void Names_that_no_request_has_are_refused(string value, string expected)
    {
        Certificate certificate = Make("CN=a", builder => builder.CertificateExtensions.Add(new X509Extension(ExtensionOids.SubjectAlternativeName, Convert.FromHexString(value), critical: false)));

        Assert.False(RenewalRequest.TryMake(certificate, out _, out string? why));

        Assert.Contains(expected.Split('|'), part => why.Contains(part, StringComparison.Ordinal));
    }

    [Fact]
    public void The_certificate_of_a_CA_is_not_renewed_this_way()
    {
        Assert.True(Certificate.TryDecode(Golden.Read("root.der"), out Certificate? root));

        Assert.False(RenewalRequest.TryMake(root, out _, out string? why));
        Assert.Equal("it is the certificate of a CA", why);
    }

    private static X509EnhancedKeyUsageExtension Usages(params string[] oids) => new([.. oids.Select(oid => new Oid(oid))], critical: false);

    private static CertificateRequest Request(Action<System.Security.Cryptography.X509Certificates.CertificateRequest> add)
    {
        Assert.True(RenewalRequest.TryMake(Make("CN=a, O=Example Org, C=GB", add), out CertificateRequest? request, out string? why), why);
        return request;
    }

    private static Certificate Make(string subject, Action<System.Security.Cryptography.X509Certificates.CertificateRequest> add)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var builder = new System.Security.Cryptography.X509Certificates.CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        add(builder);
        DateTimeOffset from = SomeCertificates.Now;
        using X509Certificate2 made = builder.CreateSelfSigned(from.AddMinutes(-5), from.AddDays(30));
        Assert.True(Certificate.TryDecode(made.RawData, out Certificate? certificate));
        return certificate;
    }
}
