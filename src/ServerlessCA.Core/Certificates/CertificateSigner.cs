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
