using ServerlessCA.Core.Lints;

namespace ServerlessCA.Core.Certificates;

/// <summary>A signed certificate broke a rule: a bug of ours, or a key service that lies. It was thrown away; nothing
/// was handed out.</summary>
public sealed class CertificateLintException(IReadOnlyList<LintFinding> findings)
    : Exception($"the certificate was thrown away, it breaks rules: {string.Join("; ", findings)}")
{
    /// <summary>Every broken rule, at least one.</summary>
    public IReadOnlyList<LintFinding> Findings { get; } = findings;
}
