namespace ServerlessCA.Core.Health;

/// <summary>Sums up the findings about a CA. Immutable.</summary>
/// <param name="Status">The worst level.</param>
/// <param name="Version">The version of the program that looked; null for callers who may not know it.</param>
/// <param name="Findings">The worst first, of one level in the order of the checks; null for callers who may not know
/// them.</param>
public sealed record HealthAnswer(HealthLevel Status, string? Version, IReadOnlyList<HealthFinding>? Findings)
{
    /// <summary>Sums up findings.</summary>
    /// <param name="findings">At least one.</param>
    public static HealthAnswer Of(IEnumerable<HealthFinding> findings)
    {
        HealthFinding[] worstFirst = [.. findings.OrderByDescending(finding => finding.Level)];
        return new HealthAnswer(worstFirst[0].Level, Product.Version, worstFirst);
    }

    /// <summary>Returns what callers may know whom nobody knows: the status alone.</summary>
    public HealthAnswer StatusAlone() => this with { Version = null, Findings = null };
}
