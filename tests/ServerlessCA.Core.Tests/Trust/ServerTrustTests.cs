using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Trust;
using Xunit;

namespace ServerlessCA.Core.Tests.Trust;

/// <summary>People learn in plain words what is wrong with a server's certificate.</summary>
public sealed class ServerTrustTests
{
    [Theory]
    [InlineData("a.example.com,b.example.com,192.0.2.1", "its certificate is for a.example.com, b.example.com, 192.0.2.1, not for ca.example.com")]
    [InlineData("", "its certificate has no names, so it is not for ca.example.com")]
    public void A_name_mismatch_names_the_names_that_the_certificate_has(string names, string message)
    {
        TlsFault fault = Judge(Made(names.Split(',', StringSplitOptions.RemoveEmptyEntries)), SslPolicyErrors.RemoteCertificateNameMismatch);

        Assert.Equal(message, fault.Message);
        Assert.DoesNotContain("--ca-file", fault.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_policy_error_is_a_sentence_without_a_constant()
    {
        foreach (SslPolicyErrors errors in Enumerable.Range(1, 7).Select(bits => (SslPolicyErrors)bits))
        {
            TlsFault fault = Judge(Made("a.example.com"), errors);
            Assert.DoesNotContain("RemoteCertificate", fault.Message + fault.Hint, StringComparison.Ordinal);
            Assert.Matches("^(it|its|no CA) ", fault.Message);
        }
    }

    [Fact]
    public void An_expired_certificate_is_explained_by_its_times()
    {
        TlsFault fault = Judge(Made("ca.example.com"), SslPolicyErrors.RemoteCertificateChainErrors);

        Assert.Equal("its certificate is good from 2020-01-01 00:00:00 to 2020-01-02 00:00:00, and it is another time now", fault.Message);
    }

    [Fact]
    public void A_certificate_that_the_platform_finds_fine_is_accepted() =>
        Assert.True(new ServerTrust("").Accepts(isFine: true, isOfAnotherName: false, Made("ca.example.com"), null, "ca.example.com"));

    private static TlsFault Judge(X509Certificate2 certificate, SslPolicyErrors errors)
    {
        var trust = new ServerTrust("give the root: --ca-file", "roots.pem", "serve --tls-name");
        using var chain = new X509Chain { ChainPolicy = { RevocationMode = X509RevocationMode.NoCheck, TrustMode = X509ChainTrustMode.CustomRootTrust } };
        chain.ChainPolicy.CustomTrustStore.Add(certificate);
        chain.Build(certificate);

        return Assert.Throws<ServerNotTrustedException>(() => trust.Accepts(
            errors == SslPolicyErrors.None,
            errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch),
            errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? null : certificate,
            chain,
            "ca.example.com")).Fault;
    }

    private static X509Certificate2 Made(params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var sans = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
        {
            if (System.Net.IPAddress.TryParse(name, out System.Net.IPAddress? address))
            {
                sans.AddIpAddress(address);
            }
            else
            {
                sans.AddDnsName(name);
            }
        }

        if (names.Length > 0)
        {
            request.CertificateExtensions.Add(sans.Build());
        }

        var begin = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return request.CreateSelfSigned(begin, begin.AddDays(1));
    }
}
