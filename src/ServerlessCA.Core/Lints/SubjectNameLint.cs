namespace ServerlessCA.Core.Lints;

/// <summary>The subject is not empty: a CA must have a name, and our end entities always have a common name.</summary>
internal sealed class SubjectNameLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "RFC 5280 §4.1.2.6";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        if (subject.Certificate.SubjectDer.Length <= 2)
        {
            yield return "subject is empty";
        }
    }
}
