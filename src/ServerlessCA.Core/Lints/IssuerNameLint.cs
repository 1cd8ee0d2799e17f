using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Lints;

/// <summary>The issuer's name is the subject of the issuer's certificate, byte for byte, and that of a root is its own.</summary>
internal sealed class IssuerNameLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "RFC 5280 §4.1.2.4, §6.1";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        Certificate certificate = subject.Certificate;
        if (!certificate.IssuerDer.Span.SequenceEqual(subject.Issuer.SubjectDer.Span))
        {
            yield return "issuer name is not the subject of the issuer's certificate";
        }

        bool selfIssued = certificate.IssuerDer.Span.SequenceEqual(certificate.SubjectDer.Span);
        if (subject.Template.Kind == CertificateKind.Root && !selfIssued)
        {
            yield return "a root's subject is not its issuer";
        }
    }
}
