using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Delivery.Targets;

/// <summary>Trusts the CAs of a file instead of those of the system: mail servers of a network often have certificates
/// from its own CA, this one for instance. The name must fit as always.</summary>
internal sealed class MailServerTrust
{
    private const int MaxBytes = 1 << 20; // our decision: more than all public roots together

    private readonly X509Certificate2Collection roots = [];

    private MailServerTrust(string caFile)
    {
        byte[] content = RegularFile.ReadAllBytes(caFile, MaxBytes) ?? throw new IOException($"'{caFile}' has more than {MaxBytes} bytes");
        roots.ImportFromPem(TextFile.TryRead(content, out string? pem, out TextFault? why) ? pem : throw new CryptographicException($"file '{caFile}': {why}"));
    }

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="CryptographicException">It is not PEM of certificates.</exception>
    public static MailServerTrust Of(string caFile)
    {
        var trust = new MailServerTrust(caFile);
        return trust.roots.Count > 0 ? trust : throw new CryptographicException($"file '{caFile}' has no certificate in PEM");
    }

    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 server || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // serverAuth (RFC 5280 §4.2.1.12)
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        return chain.Build(server);
    }
}
