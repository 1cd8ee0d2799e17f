using System.Formats.Asn1;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Lints;

namespace ServerlessCA.Core.Revocation;

/// <summary>Checks a CRL before anyone else sees it: it says what it was to say, and its issuer may sign it.</summary>
internal static class CrlLints
{
    /// <summary>All findings; none for a good CRL.</summary>
    /// <param name="template">What was to be signed, with sorted entries and whole seconds.</param>
    /// <param name="crl">What came out, parsed again.</param>
    /// <param name="algorithm">How the issuer's key signs.</param>
    public static IReadOnlyList<LintFinding> Check(CrlTemplate template, CertificateRevocationList crl, SignatureAlgorithm algorithm)
    {
        Certificate issuer = template.Issuer;
        (bool Kept, string Clause, string Message)[] rules =
        [
            (MaySign(issuer), "RFC 5280 §4.2.1.3", "the issuer's key may not sign CRLs"),
            (HasAlgorithm(crl, algorithm), "RFC 5280 §5.1.1.2", "signature algorithm is not that of the issuer's key"),
            (crl.IssuerDer.Span.SequenceEqual(issuer.SubjectDer.Span), "RFC 5280 §5.1.2.3",
                "issuer name is not the subject of the issuer's certificate"),
            (crl.ThisUpdate == template.ThisUpdate && crl.NextUpdate == template.NextUpdate, "RFC 5280 §5.1.2.4, §5.1.2.5",
                "the updates are not those of the template"),
            (crl.AuthorityKeyIdentifier is { } key && key.Span.SequenceEqual(issuer.IssuerKeyIdentifier().Span), "RFC 5280 §5.2.1",
                "authority key identifier is not the issuer's subject key identifier"),
            (crl.Number == template.Number, "RFC 5280 §5.2.3", "the number is not that of the template"),
            (crl.Entries().SequenceEqual(template.Entries), "RFC 5280 §5.1.2.6", "the entries are not those of the template"),
            (crl.Entries().All(entry => entry.RevokedAt <= crl.ThisUpdate), "contract 12.28", "an entry is revoked later than the CRL was made"),
            (issuer.PublicKey is { } signer && crl.IsSignedBy(signer), "RFC 5280 §5.1.1.3",
                "signature does not verify under the issuer's key"),
        ];
        return [.. rules.Where(rule => !rule.Kept).Select(rule => new LintFinding(nameof(CrlLints), rule.Clause, rule.Message))];
    }

    private static bool MaySign(Certificate issuer) =>
        issuer.IsCa && (issuer.KeyUsage is not { } usage || usage.HasFlag(KeyUsages.CrlSign));

    private static bool HasAlgorithm(CertificateRevocationList crl, SignatureAlgorithm algorithm)
    {
        var expected = new AsnWriter(AsnEncodingRules.DER);
        algorithm.Write(expected);
        return expected.EncodedValueEquals(crl.SignatureAlgorithmDer.Span) && expected.EncodedValueEquals(crl.TbsAlgorithmDer.Span);
    }
}
