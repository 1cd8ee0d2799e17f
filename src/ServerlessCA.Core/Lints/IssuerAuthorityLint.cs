using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Lints;

/// <summary>The issuer may sign certificates: it is a CA, and its key usage has keyCertSign.</summary>
internal sealed class IssuerAuthorityLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "RFC 5280 §4.2.1.3, §4.2.1.9";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        if (!subject.Issuer.IsCa)
        {
            yield return "the issuer is not a CA";
        }

        if (subject.Issuer.KeyUsage is { } usage && !usage.HasFlag(KeyUsages.KeyCertSign))
        {
            yield return "the issuer's key may not sign certificates";
        }
    }
}
