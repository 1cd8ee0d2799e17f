using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Lints;

/// <summary>The subject key identifier is there, not critical, and SHA-1 of the key's bits (method 1).</summary>
internal sealed class SubjectKeyIdentifierLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "RFC 5280 §4.2.1.2";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        Certificate certificate = subject.Certificate;
        if (certificate.SubjectKeyIdentifier is not { } identifier)
        {
            yield return "subject key identifier is missing";
        }
        else if (certificate.PublicKey is not { } key || !identifier.Span.SequenceEqual(key.KeyIdentifier.Span))
        {
            yield return "subject key identifier is not SHA-1 of the key's bits";
        }

        if (certificate.Find(ExtensionOids.SubjectKeyIdentifier) is { Critical: true })
        {
            yield return "subject key identifier is critical";
        }
    }
}
