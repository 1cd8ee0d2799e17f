using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Lints;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Certificates;

/// <summary>Turns a template into a signed and checked certificate.</summary>
public static class CertificateSigner
{
    internal static readonly LintFinding NotReadable = new("Decode", "RFC 5280 §4.1", "the signed certificate cannot be read again");

    /// <summary>Encodes and signs the template, then parses the result and runs every lint on it.</summary>
    /// <param name="template">What the certificate says.</param>
    /// <param name="key">The issuer's key.</param>
    /// <param name="issuer">The issuer's certificate; null for a root, which signs itself.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="CertificateLintException">The key is not the issuer's, or the certificate breaks a rule: nothing was
    /// handed out.</exception>
    /// <exception cref="CaKeyUnavailableException">Nothing was signed; a retry is safe.</exception>
    public static async Task<Certificate> SignAsync(
        CertificateTemplate template, ICaKey key, Certificate? issuer, CancellationToken cancellation)
    {
        PublicKey? expected = issuer is null ? template.SubjectKey : issuer.PublicKey;
        ThrowIfAny(SigningKeyCheck.Findings(key, expected));

        var algorithm = SignatureAlgorithm.Of(key.Spec);
        byte[] tbs = TbsCertificate.Encode(template, algorithm);
        byte[] signature = await key.SignAsync(SignedContent.Of(tbs), cancellation);
        byte[] der = SignedDer.Encode(tbs, algorithm, signature);

        if (!Certificate.TryDecode(der, template.SubjectKey, out Certificate? certificate))
        {
            throw new CertificateLintException([NotReadable]);
        }

        ThrowIfAny(CertificateLints.Check(template, certificate, issuer ?? certificate, algorithm));
        return certificate;
    }

    private static void ThrowIfAny(IReadOnlyList<LintFinding> findings)
    {
        if (findings.Count > 0)
        {
            throw new CertificateLintException(findings);
        }
    }
}

/// <summary>Reports that a signed certificate broke a rule: we have a bug, or the key service lies. The certificate was thrown
/// away and never handed out.</summary>
public sealed class CertificateLintException(IReadOnlyList<LintFinding> findings)
    : Exception($"the certificate was thrown away, it breaks rules: {string.Join("; ", findings)}")
{
    /// <summary>Gets every broken rule, at least one.</summary>
    public IReadOnlyList<LintFinding> Findings { get; } = findings;
}

/// <summary>Says how large certificates are and may be.</summary>
public static class CertificateSize
{
    /// <summary>Limits the octets of DER (contract 12.26): TLS programs refuse larger certificate messages, and an item of a
    /// DynamoDB table holds 400 KB.</summary>
    public const int MaxOctets = 65_536;

    /// <summary>Marks from how many octets of DER on some TLS programs refuse a certificate (contract 12.24): 16 KiB, a TLS
    /// record (RFC 8446 §5.1).</summary>
    public const int LargeOctets = 16_384;

    /// <summary>Computes how many octets of DER a certificate will have, before it is signed. Exact for RSA and ML-DSA; ECDSA
    /// signatures vary, so the result may be a few octets too large.</summary>
    /// <param name="template">What the certificate will say.</param>
    /// <param name="issuer">The kind of the key that will sign it.</param>
    public static int Of(CertificateTemplate template, KeySpec issuer)
    {
        var algorithm = SignatureAlgorithm.Of(issuer);
        int signature = 1 + KeySpecs.MaxSignatureOctets(issuer); // behind the number of unused bits
        return DerEncoding.OctetsOf(
            TbsCertificate.CountOctets(template, algorithm) + algorithm.Der.Length + DerEncoding.OctetsOf(signature));
    }
}
