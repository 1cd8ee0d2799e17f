using ServerlessCA.Core;
using ServerlessCA.Core.Health;

namespace ServerlessCA.Server.Health;

/// <summary>What <c>/health</c> answers, worst first; the same members as <c>health --output json</c>. Immutable.</summary>
/// <param name="Status">The worst level.</param>
/// <param name="Version">The program's; null for callers that may not know more.</param>
/// <param name="Findings">Null for callers that may not know more.</param>
internal sealed record HealthBody(string Status, string? Version, IReadOnlyList<HealthEntry>? Findings)
{
    /// <summary>Of findings.</summary>
    public static HealthBody Of(IReadOnlyList<HealthFinding> findings) => new(
        Worst(findings).ToString(),
        Product.Version,
        [.. findings.OrderByDescending(finding => finding.Level)
            .Select(finding => new HealthEntry(finding.Level.ToString(), finding.Check, finding.Message))]);

    /// <summary>The worst level of findings.</summary>
    public static HealthLevel Worst(IReadOnlyList<HealthFinding> findings) => findings.Max(finding => finding.Level);
}

/// <summary>One finding.</summary>
/// <param name="Level">How bad.</param>
/// <param name="Subject">What was looked at.</param>
/// <param name="Text">What was found.</param>
internal sealed record HealthEntry(string Level, string Subject, string Text);
