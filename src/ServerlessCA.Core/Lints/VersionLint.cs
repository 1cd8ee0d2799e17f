namespace ServerlessCA.Core.Lints;

/// <summary>A certificate with extensions has version 3.</summary>
internal sealed class VersionLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "RFC 5280 §4.1.2.1";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        if (subject.Certificate.Version != 3)
        {
            yield return $"version is {subject.Certificate.Version}, not 3";
        }
    }
}
