using ServerlessCA.Core.Operations;

namespace ServerlessCA.Core.Pipeline;

/// <summary>What one run did. Immutable.</summary>
/// <param name="Steps">Every step, in order.</param>
/// <param name="Entries">Every element of <c>tls.json</c>, in order.</param>
public sealed record PipelineReport(IReadOnlyList<StepResult> Steps, IReadOnlyList<EntryResult> Entries)
{
    /// <summary>Whether a step or an entry failed. Refusals are results, not failures (contract section 4).</summary>
    public bool Failed => Steps.Any(step => step.Status == StepStatus.Failed) || Entries.Any(entry => entry.Status == EntryStatus.Failed);

    /// <summary>How many entries ended so.</summary>
    public int Count(EntryStatus status) => Entries.Count(entry => entry.Status == status);
}

/// <summary>How one step of a run ended. Immutable.</summary>
/// <param name="Step">Which.</param>
/// <param name="Status">In one word.</param>
/// <param name="Message">For people: what was done, or what failed and what to do.</param>
/// <param name="Problems">What failed, one by one, and what was skipped although the step was done.</param>
public sealed record StepResult(CaFunction Step, StepStatus Status, string Message, IReadOnlyList<string> Problems)
{
    /// <summary>Whether a CRL was published, with what could be done, be the step failed or not.</summary>
    public bool IsPublished { get; init; }
}

/// <summary>How a step ended.</summary>
public enum StepStatus
{
    /// <summary>Something was done.</summary>
    Done,

    /// <summary>There was nothing to do.</summary>
    Unchanged,

    /// <summary>It failed: the run ends failed, the other steps ran (contract 12.16).</summary>
    Failed,
}

/// <summary>What became of one element of <c>tls.json</c>. Immutable.</summary>
public sealed record EntryResult
{
    /// <summary>Its place in the file, from 1.</summary>
    public required int Position { get; init; }

    /// <summary>Its common name, as far as it can be read.</summary>
    public required string CommonName { get; init; }

    /// <summary>In one word.</summary>
    public required EntryStatus Status { get; init; }

    /// <summary>Decimal serial number of the certificate that was issued, now or before.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>UTC: when it expires.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Why it was refused or failed, or why what was issued before is of no use (contract 12.23).</summary>
    public string? Message { get; init; }

    /// <summary>What was left out of the certificate.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>What became of an element.</summary>
public enum EntryStatus
{
    /// <summary>A certificate was issued.</summary>
    Issued,

    /// <summary>It had been issued before.</summary>
    AlreadyIssued,

    /// <summary>Refused: somebody has to change the entry or the CSR.</summary>
    Refused,

    /// <summary>A fault: the next run may succeed.</summary>
    Failed,
}
