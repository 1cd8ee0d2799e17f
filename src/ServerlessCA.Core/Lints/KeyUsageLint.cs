using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Lints;

/// <summary>Key usage is critical and fits kind and key (contract 12.5): CAs sign certificates and CRLs, end entities sign,
/// and only RSA keys encipher keys.</summary>
internal sealed class KeyUsageLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "RFC 5280 §4.2.1.3, RFC 8813 §3, RFC 8410 §5, RFC 9881 §5";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        if (subject.Certificate.Find(ExtensionOids.KeyUsage) is not { Critical: true })
        {
            yield return "critical key usage is missing";
        }

        KeyUsages expected = subject.MustBeCa
            ? KeyUsages.DigitalSignature | KeyUsages.KeyCertSign | KeyUsages.CrlSign
            : EndEntityCertificate.KeyUsageOf(subject.Template.SubjectKey);
        if (subject.Certificate.KeyUsage != expected)
        {
            yield return $"key usage is {subject.Certificate.KeyUsage}, not {expected}";
        }
    }
}
