namespace ServerlessCA.Core.PreIssuance;

/// <summary>Says how much a finding matters (our decision).</summary>
public enum LintSeverity
{
    /// <summary>The finding is useful to whoever approves; a plan shows it, an answer does not.</summary>
    Notice,

    /// <summary>The finding is probably a mistake; the answer warns of it.</summary>
    Warning,

    /// <summary>The certificate will not work, or breaks a standard; the answer warns of it.</summary>
    Error,
}

/// <summary>Is one rule that checks a certificate before it is signed, and changes nothing (contract 12.31).
/// <see cref="PreIssuanceLints"/> lists all of them. Immutable.</summary>
public sealed class PreIssuanceLint
{
    internal PreIssuanceLint(string id, LintSeverity severity, string clause)
    {
        Id = id;
        Severity = severity;
        Clause = clause;
    }

    /// <summary>Gets the name, such as <c>san-near-duplicate</c>: lower-case words with hyphens. Settings name it and an unknown one is
    /// refused, so it stays for good, also where the lint finds nothing any more.</summary>
    public string Id { get; }

    /// <summary>Says how much its findings matter.</summary>
    public LintSeverity Severity { get; }

    /// <summary>Names the source of the rule: the section of a standard, the page of a vendor, or our decision.</summary>
    public string Clause { get; }

    /// <summary>Says what it finds and why that matters, in whole sentences.</summary>
    public required string Explanation { get; init; }

    /// <summary>Says what to do; it follows the finding and a colon.</summary>
    public required string Advice { get; init; }

    /// <summary>Lists the targets where the certificate would not work; the rule runs only when the policy names one of them.
    /// Empty: it always runs.</summary>
    public IReadOnlyList<LintTarget> Targets { get; init; } = [];

    /// <summary>Says whether the answer already warns of the same in the words of contract 12.24, so that the finding is not
    /// repeated there.</summary>
    public bool IsWarnedOfAnyway { get; init; }

    /// <summary>Gets the check. It returns what is wrong with a certificate, in texts that name the values; empty: nothing is
    /// wrong.</summary>
    internal Func<PlannedCertificate, IEnumerable<string>> Check { get; init; } = _ => [];

    /// <summary>Says whether it runs for these targets.</summary>
    public bool IsFor(IReadOnlyCollection<LintTarget> targets) => Targets.Count == 0 || Targets.Any(targets.Contains);

    /// <summary>Returns the id.</summary>
    public override string ToString() => Id;
}

/// <summary>Is what a lint found in a certificate that will be signed. Immutable.</summary>
/// <param name="Lint">The rule.</param>
/// <param name="Message">The value, what is wrong with it and what to do.</param>
public sealed record PreIssuanceFinding(PreIssuanceLint Lint, string Message)
{
    /// <summary>Says whether the answer warns of it; it does not for notices, and not for what it already warns of by contract
    /// 12.24.</summary>
    public bool IsWarning => Lint.Severity != LintSeverity.Notice && !Lint.IsWarnedOfAnyway;

    /// <summary>Gets the text of the warning, such as <c>lint san-near-duplicate: …</c>.</summary>
    public string WarningText => $"lint {Lint.Id}: {Message}";

    /// <summary>Gets the text of the refusal, which names the clause as well.</summary>
    public string RefusalText => $"lint {Lint.Id} ({Lint.Clause}): {Message}";
}
