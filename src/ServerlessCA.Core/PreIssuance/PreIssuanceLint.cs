namespace ServerlessCA.Core.PreIssuance;

/// <summary>How much a finding matters (our decision).</summary>
public enum LintSeverity
{
    /// <summary>Worth knowing for whoever approves; a plan shows it, an answer does not.</summary>
    Notice,

    /// <summary>Probably a mistake; the answer warns of it.</summary>
    Warning,

    /// <summary>It will not work, or breaks a standard; the answer warns of it.</summary>
    Error,
}

/// <summary>One rule of pre-issuance linting: it looks at what will be signed, and changes nothing (contract 12.31). All of them
/// stand in <see cref="PreIssuanceLints"/>. Immutable.</summary>
public sealed class PreIssuanceLint
{
    internal PreIssuanceLint(string id, LintSeverity severity, string clause)
    {
        Id = id;
        Severity = severity;
        Clause = clause;
    }

    /// <summary>Its name, such as <c>san-near-duplicate</c>: lower-case words with hyphens, stable.</summary>
    public string Id { get; }

    /// <summary>How much its findings matter.</summary>
    public LintSeverity Severity { get; }

    /// <summary>Where the rule comes from: a standard's section, a vendor's page, or our decision.</summary>
    public string Clause { get; }

    /// <summary>What it finds and why that matters: whole sentences.</summary>
    public required string Explanation { get; init; }

    /// <summary>What to do: goes on after what was found and a colon.</summary>
    public required string Advice { get; init; }

    /// <summary>Where the certificate would not work; the rule runs only where one of them is asked for. Empty: it always runs.</summary>
    public IReadOnlyList<LintTarget> Targets { get; init; } = [];

    /// <summary>Whether the answer warns of the same in the words of contract 12.24, so that the finding is not repeated there.</summary>
    public bool IsWarnedOfAnyway { get; init; }

    /// <summary>What is wrong with a certificate: texts that name the values; none when nothing is.</summary>
    internal Func<PlannedCertificate, IEnumerable<string>> Check { get; init; } = _ => [];

    /// <summary>Whether it runs for these targets.</summary>
    public bool IsFor(IReadOnlyCollection<LintTarget> targets) => Targets.Count == 0 || Targets.Any(targets.Contains);

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}

/// <summary>What a lint says of a certificate that is going to be signed. Immutable.</summary>
/// <param name="Lint">The rule.</param>
/// <param name="Message">The value, what is wrong with it and what to do.</param>
public sealed record PreIssuanceFinding(PreIssuanceLint Lint, string Message)
{
    /// <summary>Whether the answer warns of it: not of notices, and not of what contract 12.24 warns of itself.</summary>
    public bool IsWarning => Lint.Severity != LintSeverity.Notice && !Lint.IsWarnedOfAnyway;

    /// <summary>As warnings have it, such as <c>lint san-near-duplicate: …</c>.</summary>
    public string WarningText => $"lint {Lint.Id}: {Message}";

    /// <summary>As refusals have it: with the clause.</summary>
    public string RefusalText => $"lint {Lint.Id} ({Lint.Clause}): {Message}";
}
