using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Lints;

/// <summary>Checks a certificate before anyone else sees it. The table holds every rule with its clause; each looks at the
/// finished certificate, as a relying party would.</summary>
public static class CertificateLints
{
    // In the order in which findings are reported.
    private static readonly Lint[] All =
    [
        // A certificate with extensions has version 3.
        new("VersionLint", "RFC 5280 §4.1.2.1", it =>
            [it.Certificate.Version != 3 ? $"version is {it.Certificate.Version}, not 3" : null]),

        // The parser already requires a positive number of at most 20 octets.
        new("SerialNumberLint", "RFC 5280 §4.1.2.2", it =>
            [HasNumberOfIssuer(it) ? "serial number is that of the issuer's own certificate" : null]),

        // A certificate ends after it begins, and both lie within the life of its issuer.
        new("ValidityLint", "RFC 5280 §4.1.2.5, contract 12.10, 12.28", it =>
        [
            it.Certificate.NotAfter <= it.Certificate.NotBefore ? "notAfter is not after notBefore" : null,
            it.Certificate.NotAfter > it.Issuer.NotAfter ? "the certificate outlives its issuer" : null,
            it.Certificate.NotBefore < it.Issuer.NotBefore ? "the certificate begins before its issuer" : null,
        ]),

        // A CA must have a name, and our end entities always have a common name.
        new("SubjectNameLint", "RFC 5280 §4.1.2.6", it =>
            [it.Certificate.SubjectDer.Length <= 2 ? "subject is empty" : null]),

        // The issuer's name is the subject of the issuer's certificate, byte for byte; that of a root is its own.
        new("IssuerNameLint", "RFC 5280 §4.1.2.4, §6.1", it =>
        [
            !AreSame(it.Certificate.IssuerDer, it.Issuer.SubjectDer) ? "issuer name is not the subject of the issuer's certificate" : null,
            it.Template.Kind == CertificateKind.Root && !AreSame(it.Certificate.IssuerDer, it.Certificate.SubjectDer)
                ? "a root's subject is not its issuer" : null,
        ]),

        // The issuer may sign certificates.
        new("IssuerAuthorityLint", "RFC 5280 §4.2.1.3, §4.2.1.9", it =>
        [
            !it.Issuer.IsCa ? "the issuer is not a CA" : null,
            it.Issuer.KeyUsage is { } usage && !usage.HasFlag(KeyUsages.KeyCertSign) ? "the issuer's key may not sign certificates" : null,
        ]),

        // The algorithm inside the signed part, the one beside the signature, and that of the issuer's key are the same.
        new("SignatureAlgorithmLint", "RFC 5280 §4.1.1.2, §4.1.2.3", it =>
        [
            !AreSame(it.Certificate.SignatureAlgorithmDer, it.Certificate.TbsAlgorithmDer) ? "the two signature algorithms differ" : null,
            !HasAlgorithmOfIssuer(it) ? "signature algorithm is not that of the issuer's key" : null,
        ]),

        // The signature verifies under the key in the issuer's certificate.
        new("SignatureLint", "RFC 5280 §4.1.1.3, §6.1.3", it =>
        [
            it.Issuer.PublicKey is not { } key ? "the issuer's public key is not accepted"
                : !it.Certificate.IsSignedBy(key) ? "signature does not verify under the issuer's key"
                : null,
        ]),

        // The subject key identifier is SHA-1 of the key's bits (method 1).
        new("SubjectKeyIdentifierLint", "RFC 5280 §4.2.1.2", it =>
        [
            it.Certificate.SubjectKeyIdentifier is not { } identifier ? "subject key identifier is missing"
                : it.Certificate.PublicKey is not { } key || !AreSame(identifier, key.KeyIdentifier)
                    ? "subject key identifier is not SHA-1 of the key's bits"
                : null,
            IsCritical(it, ExtensionOids.SubjectKeyIdentifier) ? "subject key identifier is critical" : null,
        ]),

        // The authority key identifier is the issuer's subject key identifier.
        new("AuthorityKeyIdentifierLint", "RFC 5280 §4.2.1.1", it =>
        [
            it.Certificate.AuthorityKeyIdentifier is not { } identifier ? "authority key identifier is missing"
                : (it.Issuer.SubjectKeyIdentifier ?? it.Issuer.PublicKey?.KeyIdentifier) is not { } expected || !AreSame(identifier, expected)
                    ? "authority key identifier is not the issuer's subject key identifier"
                : null,
            IsCritical(it, ExtensionOids.AuthorityKeyIdentifier) ? "authority key identifier is critical" : null,
        ]),

        // No extension stands twice.
        new("DuplicateExtensionLint", "RFC 5280 §4.2", it => !HasRepeats(it.Certificate.Extensions) ? [] : [.. it.Certificate.Extensions.CountBy(extension => extension.Oid)
            .Where(same => same.Value > 1)
            .Select(same => $"extension {same.Key} stands {same.Value} times")]),

        // Every extension's value is one DER element.
        new("ExtensionValueLint", "RFC 5280 §4.2, contract 12.14", it => [.. LintTexts.Of(
            it.Certificate.Extensions, extension => !DerSyntax.IsOneElement(extension.Value.Span),
            extension => $"the value of extension {extension.Oid} is not one DER element")]),

        // CAs have critical basic constraints with cA; end entities have none (contract section 6).
        new("BasicConstraintsLint", "RFC 5280 §4.2.1.9", it =>
        [
            !it.MustBeCa && Has(it, ExtensionOids.BasicConstraints) ? "an end entity has basic constraints" : null,
            it.MustBeCa && !(it.Certificate.IsCa && IsCritical(it, ExtensionOids.BasicConstraints))
                ? "a CA lacks critical basic constraints with cA" : null,
        ]),

        // No CA follows below an issuer whose path length is 0.
        new("PathLengthLint", "RFC 5280 §4.2.1.9, §6.1.4 (l)", it =>
            [!it.IsSelfSigned && it.Certificate.IsCa && it.Issuer.PathLength == 0 ? "the issuer's path length of 0 allows no CA below it" : null]),

        // The names are within the issuer's name constraints, which only CAs have, and critical.
        new("NameConstraintsLint", "RFC 5280 §4.2.1.10", it =>
        [
            it.IsSelfSigned ? null : NameConstraints.WhyNot(it.Issuer, it.Certificate)?.Message,
            it.MustBeCa && Has(it, ExtensionOids.NameConstraints) && !IsCritical(it, ExtensionOids.NameConstraints) ? "name constraints are not critical" : null,
        ]),

        // Key usage fits kind and key (contract 12.5): CAs sign certificates and CRLs, end entities sign, and only RSA keys encipher keys.
        new("KeyUsageLint", "RFC 5280 §4.2.1.3, RFC 8813 §3, RFC 8410 §5, RFC 9881 §5", it =>
        [
            !IsCritical(it, ExtensionOids.KeyUsage) ? "critical key usage is missing" : null,
            it.Certificate.KeyUsage != ExpectedKeyUsage(it) ? $"key usage is {it.Certificate.KeyUsage}, not {ExpectedKeyUsage(it)}" : null,
        ]),

        // An end entity has extended key usages, at least one, each once; a CA has none (contract section 6).
        new("ExtendedKeyUsageLint", "RFC 5280 §4.2.1.12", it =>
        [
            it.MustBeCa && Has(it, ExtensionOids.ExtendedKeyUsage) ? "a CA has extended key usages" : null,
            it.MustBeCa || it.Certificate.ExtendedKeyUsages.Count > 0 ? null
                : Has(it, ExtensionOids.ExtendedKeyUsage) ? "extended key usage is empty"
                : "extended key usage is missing",
            it.Certificate.ExtendedKeyUsages.Count > 1 && it.Certificate.ExtendedKeyUsages.Distinct().Count() != it.Certificate.ExtendedKeyUsages.Count
                ? "an extended key usage stands twice" : null,
        ]),

        // No holder may answer for the CA which certificates are revoked, unless the operator allows it.
        new("OcspSigningLint", "contract 12.20, RFC 6960 §4.2.2.2", it =>
        [
            it.Certificate.ExtendedKeyUsages.Contains(ExtendedKeyUsage.OcspSigning) && !it.Template.AllowsOcspSigning
                ? "the usage OCSP_SIGNING is not allowed" : null,
        ]),

        // What was signed is what was to be signed, field by field, byte for byte.
        new("TemplateAgreementLint", "our decision: parse what was signed", it =>
        [
            WhyNot("serial number", it.Certificate.SerialNumber == it.Template.SerialNumber),
            WhyNot("issuer", AreSame(it.Certificate.IssuerDer, it.Template.IssuerDer)),
            WhyNot("notBefore", it.Certificate.NotBefore == it.Template.NotBefore),
            WhyNot("notAfter", it.Certificate.NotAfter == it.Template.NotAfter),
            WhyNot("subject", AreSame(it.Certificate.SubjectDer, it.Template.SubjectDer)),
            WhyNot("public key", AreSame(it.Certificate.SubjectPublicKeyInfo, it.Template.SubjectKey.SubjectPublicKeyInfo)),
            WhyNot("extensions", AreSame(it.Certificate.Extensions, it.Template.Extensions)),
        ]),
    ];

    /// <summary>Returns all findings of all rules; none for a good certificate.</summary>
    /// <param name="template">What was to be signed.</param>
    /// <param name="certificate">What came out, parsed again.</param>
    /// <param name="issuer">The issuer's certificate; for a root the certificate itself.</param>
    /// <param name="algorithm">How the issuer's key signs.</param>
    public static IReadOnlyList<LintFinding> Check(
        CertificateTemplate template, Certificate certificate, Certificate issuer, SignatureAlgorithm algorithm)
    {
        var subject = new LintSubject(template, certificate, issuer, algorithm);
        var findings = new List<LintFinding>();
        foreach (Lint lint in All)
        {
            foreach (string? message in lint.Check(subject))
            {
                if (message is not null)
                {
                    findings.Add(new LintFinding(lint.Name, lint.Clause, message));
                }
            }
        }

        return findings;
    }

    private static bool AreSame(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other) => one.Span.SequenceEqual(other.Span);

    private static bool HasRepeats(IReadOnlyList<CertificateExtension> extensions)
    {
        for (int i = 0; i < extensions.Count; i++)
        {
            if (!ReferenceEquals(extensions.Find(extensions[i].Oid), extensions[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(LintSubject it, string oid) => it.Certificate.Find(oid) is not null;

    private static bool IsCritical(LintSubject it, string oid) => it.Certificate.Find(oid) is { Critical: true };

    // A self-signed issuer has issued its own certificate under its number.
    private static bool HasNumberOfIssuer(LintSubject it) =>
        !it.IsSelfSigned && AreSame(it.Issuer.IssuerDer, it.Certificate.IssuerDer) && it.Certificate.SerialNumber == it.Issuer.SerialNumber;

    private static bool HasAlgorithmOfIssuer(LintSubject it) => AreSame(it.Algorithm.Der, it.Certificate.SignatureAlgorithmDer);

    private static KeyUsages ExpectedKeyUsage(LintSubject it) => it.MustBeCa
        ? KeyUsages.DigitalSignature | KeyUsages.KeyCertSign | KeyUsages.CrlSign
        : EndEntityCertificate.KeyUsageOf(it.Template.SubjectKey);

    private static string? WhyNot(string field, bool agrees) => agrees ? null : $"{field} is not that of the template";

    private static bool AreSame(IReadOnlyList<CertificateExtension> signed, IReadOnlyList<CertificateExtension> wanted)
    {
        bool agree = signed.Count == wanted.Count;
        for (int i = 0; agree && i < signed.Count; i++)
        {
            agree = signed[i].IsSameAs(wanted[i]);
        }

        return agree;
    }

    /// <summary>A rule that every certificate must keep. Immutable.</summary>
    /// <param name="Name">The name in findings.</param>
    /// <param name="Clause">Where the rule is from, such as <c>RFC 5280 §4.1.2.2</c>.</param>
    /// <param name="Check">Says what is wrong, one message each; a null is no message.</param>
    private sealed record Lint(string Name, string Clause, Func<LintSubject, LintMessages> Check);

    /// <summary>Holds a finished certificate and what it must agree with. Immutable.</summary>
    private sealed record LintSubject(
        CertificateTemplate Template, Certificate Certificate, Certificate Issuer, SignatureAlgorithm Algorithm)
    {
        public bool MustBeCa => Template.Kind != CertificateKind.EndEntity;

        public bool IsSelfSigned => Issuer == Certificate;
    }
}
