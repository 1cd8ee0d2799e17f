using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Lints;

/// <summary>The authority key identifier is the issuer's subject key identifier, and not critical.</summary>
internal sealed class AuthorityKeyIdentifierLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "RFC 5280 §4.2.1.1";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        Certificate certificate = subject.Certificate;
        ReadOnlyMemory<byte>? expected = subject.Issuer.SubjectKeyIdentifier ?? subject.Issuer.PublicKey?.KeyIdentifier;
        if (certificate.AuthorityKeyIdentifier is not { } identifier)
        {
            yield return "authority key identifier is missing";
        }
        else if (expected is not { } key || !identifier.Span.SequenceEqual(key.Span))
        {
            yield return "authority key identifier is not the issuer's subject key identifier";
        }

        if (certificate.Find(ExtensionOids.AuthorityKeyIdentifier) is { Critical: true })
        {
            yield return "authority key identifier is critical";
        }
    }
}
