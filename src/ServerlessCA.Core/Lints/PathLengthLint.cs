namespace ServerlessCA.Core.Lints;

/// <summary>No CA follows below an issuer whose path length is 0.</summary>
internal sealed class PathLengthLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "RFC 5280 §4.2.1.9, §6.1.4 (l)";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        bool another = subject.Issuer != subject.Certificate;
        if (another && subject.Certificate.IsCa && subject.Issuer.PathLength == 0)
        {
            yield return "the issuer's path length of 0 allows no CA below it";
        }
    }
}
