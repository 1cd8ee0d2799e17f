using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Authorities.Served;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>What is wrong with a server's certificate, or the way to agree on TLS, in plain words.</summary>
public sealed class ServerCertificateCheckTests
{
    private static readonly Uri Address = new("https://ca.example.com:8443/");

    [Theory]
    [InlineData("a.example.com,b.example.com,192.0.2.1", "its certificate is for a.example.com, b.example.com, 192.0.2.1, not for ca.example.com")]
    [InlineData("", "its certificate has no names, so it is not for ca.example.com")]
    public void A_name_mismatch_names_the_names_that_the_certificate_has(string names, string message)
    {
        ServerCertificateFault fault = Judge(Made(names.Split(',', StringSplitOptions.RemoveEmptyEntries)), SslPolicyErrors.RemoteCertificateNameMismatch);

        Assert.Equal(message, fault.Message);
        Assert.DoesNotContain("--ca-file", fault.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_policy_error_is_a_sentence_without_a_constant()
    {
        foreach (SslPolicyErrors errors in Enumerable.Range(1, 7).Select(bits => (SslPolicyErrors)bits))
        {
            ServerCertificateFault fault = Judge(Made("a.example.com"), errors);
            Assert.DoesNotContain("RemoteCertificate", fault.Message + fault.Hint, StringComparison.Ordinal);
            Assert.Matches("^(it|its|no CA) ", fault.Message);
        }
    }

    [Fact]
    public void An_expired_certificate_is_told_by_its_times()
    {
        ServerCertificateFault fault = Judge(Made("ca.example.com"), SslPolicyErrors.RemoteCertificateChainErrors);

        Assert.Equal("its certificate is good from 2020-01-01 00:00:00 to 2020-01-02 00:00:00, and it is another time now", fault.Message);
    }

    [Theory]
    [InlineData("Cannot determine the frame size or a corrupted frame was received.", "it does not speak TLS on this port")]
    [InlineData("Authentication failed because the remote party sent a TLS alert: 'HandshakeFailure'.", "it and this program agree on no TLS")]
    [InlineData("Received an unexpected EOF or 0 bytes from the transport stream.", "it ended the connection while TLS was agreed on")]
    public void A_handshake_that_fails_is_told_in_plain_words(string said, string told)
    {
        var fault = new HttpRequestException(HttpRequestError.SecureConnectionError, "The SSL connection could not be established", new AuthenticationException(said));

        AuthorityFault seen = ServedFault.OfConnection(Address, fault, certificate: null, mayBeIssued: true);

        Assert.Equal($"'{Address}' cannot be reached: {told}", seen.Message);
        Assert.False(seen.MayBeIssued);
    }

    private static ServerCertificateFault Judge(X509Certificate2 certificate, SslPolicyErrors errors)
    {
        var check = new ServerCertificateCheck("ca.example.com", "roots.pem");
        using var chain = new X509Chain { ChainPolicy = { RevocationMode = X509RevocationMode.NoCheck, TrustMode = X509ChainTrustMode.CustomRootTrust } };
        chain.ChainPolicy.CustomTrustStore.Add(certificate);
        chain.Build(certificate);

        Assert.False(check.Accepts(check, certificate, chain, errors));
        return check.WhyNot!;
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
