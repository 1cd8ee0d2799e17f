using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Lints;

/// <summary>What was signed is what was to be signed, field by field, byte for byte.</summary>
internal sealed class TemplateAgreementLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "our decision: parse what was signed";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        Certificate certificate = subject.Certificate;
        CertificateTemplate template = subject.Template;
        (string Field, bool Agrees)[] fields =
        [
            ("serial number", certificate.SerialNumber == template.SerialNumber),
            ("issuer", certificate.IssuerDer.Span.SequenceEqual(template.IssuerDer.Span)),
            ("notBefore", certificate.NotBefore == template.NotBefore),
            ("notAfter", certificate.NotAfter == template.NotAfter),
            ("subject", certificate.SubjectDer.Span.SequenceEqual(template.SubjectDer.Span)),
            ("public key", certificate.SubjectPublicKeyInfo.Span.SequenceEqual(template.SubjectKey.SubjectPublicKeyInfo.Span)),
            ("extensions", ExtensionsAgree(certificate.Extensions, template.Extensions)),
        ];
        return from field in fields where !field.Agrees select $"{field.Field} is not that of the template";
    }

    private static bool ExtensionsAgree(IReadOnlyList<CertificateExtension> signed, IReadOnlyList<CertificateExtension> wanted) =>
        signed.Count == wanted.Count && signed.Zip(wanted).All(pair => pair.First.IsSameAs(pair.Second));
}
