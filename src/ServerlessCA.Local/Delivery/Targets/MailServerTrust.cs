using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Texts;
using ServerlessCA.Core.Trust;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Delivery.Targets;

/// <summary>Whom mail is given to. A file of CAs may be trusted instead of those of the system: mail servers of a network
/// often have certificates from its own CA, this one for instance. The name must fit as always.</summary>
internal sealed class MailServerTrust
{
    private const int MaxBytes = 1 << 20; // our decision: more than all public roots together

    private readonly X509Certificate2Collection? roots;
    private readonly string host;
    private readonly ServerTrust trust;

    private MailServerTrust(string host, string? caFile, X509Certificate2Collection? roots)
    {
        this.host = host;
        this.roots = roots;
        trust = caFile is null
            ? new ServerTrust("name the CA that signed the server's certificate: ca_file in the target's settings")
            : new ServerTrust("give the root of the CA that signed it: ca_file in the target's settings", caFile);
    }

    /// <param name="host">The server.</param>
    /// <param name="caFile">PEM of the CAs that are trusted; null: those of the system are.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="CryptographicException">It is not PEM of certificates.</exception>
    public static MailServerTrust Of(string host, string? caFile)
    {
        if (caFile is null)
        {
            return new MailServerTrust(host, null, null);
        }

        byte[] content = RegularFile.ReadAllBytes(caFile, MaxBytes) ?? throw new IOException($"'{caFile}' has more than {MaxBytes} bytes");
        X509Certificate2Collection roots = [];
        roots.ImportFromPem(TextFile.TryRead(content, out string? pem, out TextFault? why) ? pem : throw new CryptographicException($"file '{caFile}': {why}"));
        return roots.Count > 0 ? new MailServerTrust(host, caFile, roots) : throw new CryptographicException($"file '{caFile}' has no certificate in PEM");
    }

    /// <summary>The callback of a connection.</summary>
    /// <exception cref="ServerNotTrustedException">The certificate does not do.</exception>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        bool isOfAnotherName = errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
        if (roots is null || certificate is not X509Certificate2 server)
        {
            return trust.Accepts(errors == SslPolicyErrors.None, isOfAnotherName, certificate, sent, host);
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

        bool isFine = chain.Build(server) && (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None;
        return trust.Accepts(isFine, isOfAnotherName, server, chain, host);
    }
}
