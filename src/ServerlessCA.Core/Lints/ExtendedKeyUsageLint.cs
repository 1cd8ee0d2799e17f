using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Lints;

/// <summary>An end entity has extended key usages, at least one, each once; a CA has none (contract section 6).</summary>
internal sealed class ExtendedKeyUsageLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "RFC 5280 §4.2.1.12";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        IReadOnlyList<string> purposes = subject.Certificate.ExtendedKeyUsages;
        bool present = subject.Certificate.Find(ExtensionOids.ExtendedKeyUsage) is not null;
        if (present && subject.MustBeCa)
        {
            yield return "a CA has extended key usages";
        }

        if (purposes.Count == 0 && !subject.MustBeCa)
        {
            yield return present ? "extended key usage is empty" : "extended key usage is missing";
        }

        if (purposes.Distinct().Count() != purposes.Count)
        {
            yield return "an extended key usage stands twice";
        }
    }
}
