using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Lints;

/// <summary>Every extension's value is one DER element.</summary>
internal sealed class ExtensionValueLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "RFC 5280 §4.2, contract 12.14";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        return from extension in subject.Certificate.Extensions
               where !DerSyntax.IsOneElement(extension.Value.Span)
               select $"the value of extension {extension.Oid} is not one DER element";
    }
}
