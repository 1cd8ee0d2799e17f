using System.Globalization;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Lists every lint by its topic, and runs them on what will be signed (contract 12.31).</summary>
public static class PreIssuanceLints
{
    private const int MaxFindings = 5; // of one lint; our decision: who wrote a hundred names wrong needs only a few examples

    /// <summary>Lists all lints, in the order of <c>docs/lints.md</c>; their ids are unique.</summary>
    public static IReadOnlyList<PreIssuanceLint> All { get; } =
    [
        .. HostNameLints.All, .. HostNameTypoLints.All, .. SubjectLints.All, .. UsageLints.All, .. LifetimeLints.All, .. KeyLints.All,
        .. AwsTargetLints.All, .. ClientTargetLints.All,
    ];

    /// <summary>Returns the lint with an id; null: there is none. Case counts.</summary>
    public static PreIssuanceLint? Find(string id) => All.FirstOrDefault(lint => lint.Id == id);

    /// <summary>Runs the lints.</summary>
    /// <param name="planned">What will be signed.</param>
    /// <param name="policy">Says which lints run, and for which targets.</param>
    /// <returns>The findings in the order of the lints; of one lint the first five, and how many more there are.</returns>
    public static IReadOnlyList<PreIssuanceFinding> Run(PlannedCertificate planned, LintPolicy policy)
    {
        var findings = new List<PreIssuanceFinding>();
        foreach (PreIssuanceLint lint in policy.Running)
        {
            AddFindings(findings, lint, planned);
        }

        return findings;
    }

    private static void AddFindings(List<PreIssuanceFinding> findings, PreIssuanceLint lint, PlannedCertificate planned)
    {
        int found = 0;
        foreach (string text in lint.Check(planned))
        {
            found++;
            if (found <= MaxFindings)
            {
                findings.Add(new PreIssuanceFinding(lint, $"{text}: {lint.Advice}"));
            }
        }

        if (found > MaxFindings)
        {
            findings.Add(new PreIssuanceFinding(lint, string.Create(CultureInfo.InvariantCulture, $"and {found - MaxFindings} more like these")));
        }
    }
}
