using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Authorities;

/// <summary>Downloads the CA certificates of a served CA whose TLS is not trusted yet. Nothing secret is sent and nothing is believed
/// before the root has the fingerprint that a person gave, and the server's own certificate is from it.</summary>
internal static class FirstTrust
{
    private const string HowToGo = "get the fingerprint from whoever runs the CA, not from this server: 'serverless-ca trust' shows it there; if it is right, something else answers at this address";

    /// <summary>Downloads and checks them.</summary>
    /// <param name="address">The address of the served CA, https.</param>
    /// <param name="expected">The root's fingerprint.</param>
    /// <param name="now">The current time, UTC.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The issuing CA, then the root.</returns>
    /// <exception cref="CommandFault">The root has another fingerprint, or the server's certificate is not from it.</exception>
    /// <exception cref="AuthorityFault">There is no connection, or no CA is served there.</exception>
    [SuppressMessage("Security", "CA5359", Justification = "Every certificate is recorded here, and checked against the root with the right fingerprint before anything is believed.")]
    public static async Task<(Certificate Issuing, Certificate Root)> DownloadAsync(Uri address, Fingerprint expected, DateTimeOffset now, CancellationToken cancellation)
    {
        var servers = new List<byte[]>();
        var tls = new SslClientAuthenticationOptions
        {
            // Every certificate is taken here, and judged below by the root with the right fingerprint.
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                if (certificate is null)
                {
                    return false;
                }

                lock (servers)
                {
                    servers.Add(certificate.GetRawCertData());
                }

                return true;
            },
        };
        IReadOnlyList<Certificate> published;
        using (var site = new PublishedSite(address, tls))
        {
            published = await site.CertificatesAsync(cancellation);
        }

        Certificate root = published.FirstOrDefault(expected.IsOf) ?? throw Unexpected(address, expected, published);
        if (!root.IsIssuedBy(root))
        {
            throw CommandFault.Fault($"the certificate with the fingerprint {expected} is not that of a root", $"'serverless-ca trust' shows that of the root");
        }

        Certificate issuing = published.FirstOrDefault(ca => !ReferenceEquals(ca, root) && ca.IsCa && ca.IsIssuedBy(root))
            ?? throw CommandFault.Fault($"'{address}' publishes no issuing CA of this root", "look at the CA: serverless-ca health");
        foreach (byte[] server in servers)
        {
            if (WhyNot(server, issuing, root, address.IdnHost, now) is { } why)
            {
                throw CommandFault.Fault(
                    $"the root has the right fingerprint, but {why}",
                    "something stands between, or the CA is served with a certificate of another CA (serve --tls-cert): then give that CA, --ca-file");
            }
        }

        return (issuing, root);
    }

    private static CommandFault Unexpected(Uri address, Fingerprint expected, IReadOnlyList<Certificate> published)
    {
        string[] roots = [.. published.Where(ca => ca.IsIssuedBy(ca)).Select(ca => CertificateFacts.Of(ca).Sha256)];
        return CommandFault.Fault(
            $"the root at '{address}' has the SHA-256 fingerprint {string.Join(" or ", roots)}, not {expected}: it is not trusted, and nothing was written", HowToGo);
    }

    // Returns a phrase; null when the certificate is from the CA and for this host.
    private static string? WhyNot(byte[] server, Certificate issuing, Certificate root, string host, DateTimeOffset now)
    {
        using X509Certificate2 own = X509CertificateLoader.LoadCertificate(server);
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                VerificationTime = now.UtcDateTime,
            },
        };
        chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(root.Der.Span));
        chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(issuing.Der.Span));
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ExtendedKeyUsage.ServerAuth));
        return !chain.Build(own) ? $"the server's certificate, of '{own.Issuer}', does not come from it"
            : !own.MatchesHostname(host, allowCommonName: false) ? $"the server's certificate is not for {host}"
            : null;
    }
}

/// <summary>The SHA-256 fingerprint of a certificate, as a person gives it. Immutable.</summary>
internal sealed class Fingerprint
{
    private readonly byte[] digest;

    private Fingerprint(byte[] digest) => this.digest = digest;

    /// <summary>Reads hexadecimal digits, with colons or without, also with the words that openssl writes before
    /// them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="option">The option that has it, for messages.</param>
    /// <exception cref="CommandFault">It is no fingerprint.</exception>
    public static Fingerprint Parse(string text, string option)
    {
        string digits = text[(text.LastIndexOf('=') + 1)..].Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        bool isDigest = digits.Length == 2 * SHA256.HashSizeInBytes && digits.All(char.IsAsciiHexDigit);
        return isDigest ? new Fingerprint(Convert.FromHexString(digits)) : throw CommandFault.Usage(
            $"{option} '{text}' is no SHA-256 fingerprint", "give 64 hexadecimal digits, with colons or without, as 'serverless-ca trust' and 'openssl x509 -fingerprint -sha256' show them");
    }

    /// <summary>Says whether it is that of a certificate.</summary>
    public bool IsOf(Certificate certificate) => CryptographicOperations.FixedTimeEquals(digest, SHA256.HashData(certificate.Der.Span));

    /// <summary>Writes it in hexadecimal with colons.</summary>
    public override string ToString() => string.Join(':', Convert.ToHexString(digest).Chunk(2).Select(pair => new string(pair)));
}
