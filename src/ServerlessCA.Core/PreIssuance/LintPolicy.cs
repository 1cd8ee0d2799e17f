namespace ServerlessCA.Core.PreIssuance;

/// <summary>What an operator makes of the lints (contract 12.31): which count, which refuse, for which targets. A word is the id of
/// a lint, or a severity, which stands for all of it. An id counts before a severity. Immutable.</summary>
public sealed record LintPolicy
{
    private static readonly Dictionary<LintSeverity, string> Severities = new()
    {
        [LintSeverity.Notice] = "notice",
        [LintSeverity.Warning] = "warning",
        [LintSeverity.Error] = "error",
    };

    /// <summary>Lints that are switched off.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Lints whose findings refuse the request.</summary>
    public IReadOnlyList<string> Refuse { get; init; } = [];

    /// <summary>Where all certificates have to work.</summary>
    public IReadOnlyList<LintTarget> Targets { get; init; } = [];

    /// <summary>The severities as words, for help texts.</summary>
    public static IReadOnlyCollection<string> SeverityNames => Severities.Values;

    /// <summary>A severity as a word, such as <c>warning</c>.</summary>
    public static string NameOf(LintSeverity severity) => Severities[severity];

    /// <summary>Whether a word names a lint or a severity. Case counts.</summary>
    public static bool IsKnown(string word) => Severities.ContainsValue(word) || PreIssuanceLints.Find(word) is not null;

    /// <summary>Whether a lint is switched off: by its id, or by its severity unless its id refuses.</summary>
    public bool Ignores(PreIssuanceLint lint) =>
        Ignore.Contains(lint.Id) || (Ignore.Contains(NameOf(lint.Severity)) && !Refuse.Contains(lint.Id));

    /// <summary>Whether a lint's findings refuse the request, by its id or its severity.</summary>
    public bool Refuses(PreIssuanceLint lint) =>
        !Ignores(lint) && (Refuse.Contains(lint.Id) || Refuse.Contains(NameOf(lint.Severity)));

    /// <summary>The same words and targets, in the same order.</summary>
    public bool Equals(LintPolicy? other) =>
        other is not null && Ignore.SequenceEqual(other.Ignore) && Refuse.SequenceEqual(other.Refuse) && Targets.SequenceEqual(other.Targets);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Ignore.Count, Refuse.Count, Targets.Count);

    /// <summary>Words that are switched off and refuse at once: nobody can tell what is meant.</summary>
    public IEnumerable<string> Contradictions => Ignore.Intersect(Refuse, StringComparer.Ordinal);
}
