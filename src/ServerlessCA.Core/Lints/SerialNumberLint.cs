namespace ServerlessCA.Core.Lints;

/// <summary>The serial number is positive, at most 20 octets (the parser sees to that), and not that of the issuer
/// itself: a self-signed issuer has issued its own certificate under that number.</summary>
internal sealed class SerialNumberLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "RFC 5280 §4.1.2.2";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        bool another = subject.Issuer != subject.Certificate;
        bool sameIssuer = subject.Issuer.IssuerDer.Span.SequenceEqual(subject.Certificate.IssuerDer.Span);
        if (another && sameIssuer && subject.Certificate.SerialNumber == subject.Issuer.SerialNumber)
        {
            yield return "serial number is that of the issuer's own certificate";
        }
    }
}
