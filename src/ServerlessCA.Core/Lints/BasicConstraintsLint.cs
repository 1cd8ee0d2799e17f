using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Lints;

/// <summary>CAs say so in critical basic constraints; end entities have none (contract section 6).</summary>
internal sealed class BasicConstraintsLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "RFC 5280 §4.2.1.9";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        CertificateExtension? constraints = subject.Certificate.Find(ExtensionOids.BasicConstraints);
        if (!subject.MustBeCa)
        {
            return constraints is null ? [] : ["an end entity has basic constraints"];
        }

        return constraints is { Critical: true } && subject.Certificate.IsCa ? [] : ["a CA lacks critical basic constraints with cA"];
    }
}
