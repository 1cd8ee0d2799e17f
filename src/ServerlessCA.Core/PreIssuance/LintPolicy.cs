using System.Runtime.CompilerServices;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Says what an operator wants of the lints (contract 12.31): which run, which refuse, and for which targets. A word is the
/// id of a lint, or a severity, which means all lints of it. An id has precedence over a severity. Immutable.</summary>
public sealed record LintPolicy
{
    private static readonly Dictionary<LintSeverity, string> Severities = new()
    {
        [LintSeverity.Notice] = "notice",
        [LintSeverity.Warning] = "warning",
        [LintSeverity.Error] = "error",
    };

    private static readonly ConditionalWeakTable<LintPolicy, IReadOnlyList<PreIssuanceLint>> RunningOf = [];

    /// <summary>Lists the lints that are switched off.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Lists the lints whose findings refuse the request.</summary>
    public IReadOnlyList<string> Refuse { get; init; } = [];

    /// <summary>Lists the targets where all certificates must work.</summary>
    public IReadOnlyList<LintTarget> Targets { get; init; } = [];

    /// <summary>Lists the severities as words, for help texts.</summary>
    public static IReadOnlyCollection<string> SeverityNames => Severities.Values;

    /// <summary>Returns a severity as a word, such as <c>warning</c>.</summary>
    public static string NameOf(LintSeverity severity) => Severities[severity];

    /// <summary>Finds the severity of a name; null when it is unknown.</summary>
    public static LintSeverity? FindSeverity(string name) =>
        Severities.Where(known => known.Value == name).Select(known => (LintSeverity?)known.Key).FirstOrDefault();

    /// <summary>Says whether a word names a lint or a severity. Case counts.</summary>
    public static bool IsKnown(string word) => Severities.ContainsValue(word) || PreIssuanceLints.Find(word) is not null;

    /// <summary>Says whether a lint is switched off: by its id, or by its severity unless its id refuses.</summary>
    public bool Ignores(PreIssuanceLint lint) =>
        Ignore.Contains(lint.Id) || (Ignore.Contains(NameOf(lint.Severity)) && !Refuse.Contains(lint.Id));

    /// <summary>Says whether a lint's findings refuse the request, by its id or its severity.</summary>
    public bool Refuses(PreIssuanceLint lint) =>
        !Ignores(lint) && (Refuse.Contains(lint.Id) || Refuse.Contains(NameOf(lint.Severity)));

    /// <summary>Lists the lints that run: those for the targets that are not switched off, in the order of <see cref="PreIssuanceLints.All"/>.</summary>
    internal IReadOnlyList<PreIssuanceLint> Running => RunningOf.GetValue(
        this, static policy => [.. PreIssuanceLints.All.Where(lint => lint.IsFor(policy.Targets) && !policy.Ignores(lint))]);

    /// <summary>Compares words and targets, in their order.</summary>
    public bool Equals(LintPolicy? other) =>
        other is not null && Ignore.SequenceEqual(other.Ignore) && Refuse.SequenceEqual(other.Refuse) && Targets.SequenceEqual(other.Targets);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Ignore.Count, Refuse.Count, Targets.Count);

    /// <summary>Lists the words that are both switched off and refusing, so that nobody knows what is meant.</summary>
    public IEnumerable<string> Contradictions => Ignore.Intersect(Refuse, StringComparer.Ordinal);
}
