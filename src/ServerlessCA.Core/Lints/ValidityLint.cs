namespace ServerlessCA.Core.Lints;

/// <summary>A certificate ends after it begins, and both lie within the life of its issuer.</summary>
internal sealed class ValidityLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "RFC 5280 §4.1.2.5, contract 12.10, 12.28";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        if (subject.Certificate.NotAfter <= subject.Certificate.NotBefore)
        {
            yield return "notAfter is not after notBefore";
        }

        if (subject.Certificate.NotAfter > subject.Issuer.NotAfter)
        {
            yield return "the certificate outlives its issuer";
        }

        if (subject.Certificate.NotBefore < subject.Issuer.NotBefore)
        {
            yield return "the certificate begins before its issuer";
        }
    }
}
