using System.Globalization;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Every lint, by theme, and their run over what is going to be signed (contract 12.31).</summary>
public static class PreIssuanceLints
{
    private const int MaxFindings = 5; // of one lint; our decision: whoever wrote a hundred names wrong needs to read of a few

    /// <summary>All of them, in the order of <c>docs/lints.md</c>; each id stands once.</summary>
    public static IReadOnlyList<PreIssuanceLint> All { get; } =
    [
        .. HostNameLints.All, .. HostNameTypoLints.All, .. SubjectLints.All, .. UsageLints.All, .. LifetimeLints.All, .. KeyLints.All,
        .. AwsTargetLints.All, .. ClientTargetLints.All,
    ];

    /// <summary>The lint of an id; null when there is none. Case counts.</summary>
    public static PreIssuanceLint? Find(string id) => All.FirstOrDefault(lint => lint.Id == id);

    /// <summary>Runs them.</summary>
    /// <param name="planned">What will be signed.</param>
    /// <param name="policy">Which count, and for which targets.</param>
    /// <returns>The findings in the order of the lints; of one lint the first five, and how many more there are.</returns>
    public static IReadOnlyList<PreIssuanceFinding> Run(PlannedCertificate planned, LintPolicy policy) =>
        [.. All.Where(lint => lint.IsFor(policy.Targets) && !policy.Ignores(lint)).SelectMany(lint => FindingsOf(lint, planned))];

    private static IEnumerable<PreIssuanceFinding> FindingsOf(PreIssuanceLint lint, PlannedCertificate planned)
    {
        string[] found = [.. lint.Check(planned)];
        foreach (string text in found.Take(MaxFindings))
        {
            yield return new PreIssuanceFinding(lint, $"{text}: {lint.Advice}");
        }

        if (found.Length > MaxFindings)
        {
            yield return new PreIssuanceFinding(lint, string.Create(CultureInfo.InvariantCulture, $"and {found.Length - MaxFindings} more like these"));
        }
    }
}
