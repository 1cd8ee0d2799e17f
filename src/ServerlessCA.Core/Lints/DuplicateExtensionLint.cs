namespace ServerlessCA.Core.Lints;

/// <summary>No extension stands twice.</summary>
internal sealed class DuplicateExtensionLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "RFC 5280 §4.2";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        return from extension in subject.Certificate.Extensions
               group extension by extension.Oid into same
               where same.Count() > 1
               select $"extension {same.Key} stands {same.Count()} times";
    }
}
