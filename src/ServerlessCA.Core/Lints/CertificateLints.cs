using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Core.Lints;

/// <summary>Runs every rule on a certificate before anyone else sees it.</summary>
public static class CertificateLints
{
    private static readonly ICertificateLint[] All =
    [
        new VersionLint(),
        new SerialNumberLint(),
        new ValidityLint(),
        new SubjectNameLint(),
        new IssuerNameLint(),
        new IssuerAuthorityLint(),
        new SignatureAlgorithmLint(),
        new SignatureLint(),
        new SubjectKeyIdentifierLint(),
        new AuthorityKeyIdentifierLint(),
        new DuplicateExtensionLint(),
        new ExtensionValueLint(),
        new BasicConstraintsLint(),
        new PathLengthLint(),
        new KeyUsageLint(),
        new ExtendedKeyUsageLint(),
        new OcspSigningLint(),
        new TemplateAgreementLint(),
    ];

    /// <summary>All findings of all rules; none for a good certificate.</summary>
    /// <param name="template">What was to be signed.</param>
    /// <param name="certificate">What came out, parsed again.</param>
    /// <param name="issuer">The issuer's certificate; for a root the certificate itself.</param>
    /// <param name="algorithm">How the issuer's key signs.</param>
    public static IReadOnlyList<LintFinding> Check(
        CertificateTemplate template, Certificate certificate, Certificate issuer, SignatureAlgorithm algorithm)
    {
        var subject = new LintSubject(template, certificate, issuer, algorithm);
        return
        [
            .. from lint in All
               from message in lint.Check(subject)
               select new LintFinding(lint.GetType().Name, lint.Clause, message),
        ];
    }
}
