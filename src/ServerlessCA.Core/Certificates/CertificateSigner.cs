using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Lints;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Certificates;

/// <summary>Turns a template into a certificate.</summary>
public static class CertificateSigner
{
    /// <summary>Encodes, signs, puts together, reads again and runs every lint.</summary>
    /// <param name="template">What the certificate says.</param>
    /// <param name="key">The issuer's key.</param>
    /// <param name="issuer">The issuer's certificate; null for a root, which signs itself.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="CertificateLintException">The key is not the issuer's, or a rule is broken: nothing was handed out.</exception>
    /// <exception cref="CaKeyUnavailableException">Not signed; trying again is safe.</exception>
    public static async Task<Certificate> SignAsync(
        CertificateTemplate template, ICaKey key, Certificate? issuer, CancellationToken cancellation)
    {
        PublicKey? expected = issuer is null ? template.SubjectKey : issuer.PublicKey;
        ThrowIfAny(SigningKeyCheck.Findings(key, expected));

        var algorithm = SignatureAlgorithm.Of(key.Spec);
        byte[] tbs = TbsCertificate.Encode(template, algorithm);
        byte[] signature = await key.SignAsync(SignedContent.Of(tbs), cancellation);
        byte[] der = SignedDer.Encode(tbs, algorithm, signature);

        if (!Certificate.TryDecode(der, out Certificate? certificate))
        {
            throw new CertificateLintException([new("Decode", "RFC 5280 §4.1", "the signed certificate cannot be read again")]);
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

/// <summary>A signed certificate broke a rule: a bug of ours, or a key service that lies. It was thrown away; nothing
/// was handed out.</summary>
public sealed class CertificateLintException(IReadOnlyList<LintFinding> findings)
    : Exception($"the certificate was thrown away, it breaks rules: {string.Join("; ", findings)}")
{
    /// <summary>Every broken rule, at least one.</summary>
    public IReadOnlyList<LintFinding> Findings { get; } = findings;
}

/// <summary>How large certificates are and may be.</summary>
public static class CertificateSize
{
    /// <summary>Octets of DER at most (contract 12.26): TLS programs refuse larger certificate messages, and an item of a table
    /// holds 400 KB.</summary>
    public const int MaxOctets = 65_536;

    /// <summary>Octets of DER from which on some TLS programs refuse a certificate (contract 12.24): 16 KiB, a TLS record
    /// (RFC 8446 §5.1).</summary>
    public const int LargeOctets = 16_384;

    /// <summary>Octets of DER that a certificate will have, before it is signed: exact for RSA and ML-DSA; with ECDSA, whose
    /// signatures differ, a few more than it may be in the end.</summary>
    /// <param name="template">What it will say.</param>
    /// <param name="issuer">The kind of key that will sign it.</param>
    public static int Of(CertificateTemplate template, KeySpec issuer)
    {
        var algorithm = SignatureAlgorithm.Of(issuer);
        byte[] tbs = TbsCertificate.Encode(template, algorithm);
        return SignedDer.Encode(tbs, algorithm, new byte[KeySpecs.MaxSignatureOctets(issuer)]).Length;
    }
}
