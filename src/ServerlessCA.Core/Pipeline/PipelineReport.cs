using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Pipeline;

/// <summary>Says what one run did. Immutable.</summary>
/// <param name="Steps">Every step, in order.</param>
/// <param name="Entries">Every element of <c>tls.json</c>, in order.</param>
public sealed record PipelineReport(IReadOnlyList<StepResult> Steps, IReadOnlyList<EntryResult> Entries)
{
    /// <summary>Says whether a step or an entry failed. Refusals are results, not failures (contract section 4).</summary>
    public bool Failed => Steps.Any(step => step.Status == StepStatus.Failed) || Entries.Any(entry => entry.Status == EntryStatus.Failed);

    /// <summary>Counts the entries with a status.</summary>
    public int Count(EntryStatus status) => Entries.Count(entry => entry.Status == status);
}

/// <summary>Says how one step of a run ended. Immutable.</summary>
/// <param name="Step">The function that ran.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Message">For people: what was done, or what failed and what to do.</param>
/// <param name="Problems">What failed, one by one, and what was skipped although the step was done.</param>
public sealed record StepResult(CaFunction Step, StepStatus Status, string Message, IReadOnlyList<string> Problems)
{
    /// <summary>Says whether a CRL was published, with what could be done, even if the step failed.</summary>
    public bool IsPublished { get; init; }
}

/// <summary>Says how a step ended.</summary>
public enum StepStatus
{
    /// <summary>Something was done.</summary>
    Done,

    /// <summary>There was nothing to do.</summary>
    Unchanged,

    /// <summary>It has failed: the run ends failed, and the other steps ran (contract 12.16).</summary>
    Failed,
}

/// <summary>Says what became of one element of <c>tls.json</c>. Immutable.</summary>
public sealed record EntryResult
{
    /// <summary>Gets the position in the file, from 1.</summary>
    public required int Position { get; init; }

    /// <summary>Gets the line of the file on which it begins, from 1; null: unknown.</summary>
    public int? Line { get; init; }

    /// <summary>Gets the place for messages: file, line, entry.</summary>
    public string Place => JsonLines.Place(GitOpsEntries.FileKey, Position, Line);

    /// <summary>Gets the common name, as far as it can be read.</summary>
    public required string CommonName { get; init; }

    /// <summary>Says how it ended.</summary>
    public required EntryStatus Status { get; init; }

    /// <summary>Gets the serial number of the certificate that was issued now or before.</summary>
    public SerialNumber? SerialNumber { get; init; }

    /// <summary>Gets the time when the certificate expires, UTC.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Says why it was refused or failed, or why the certificate issued before is of no use (contract 12.23).</summary>
    public string? Message { get; init; }

    /// <summary>Gets the code of the refusal; null: it was not refused.</summary>
    public RejectionCode? Refusal { get; init; }

    /// <summary>Lists what was left out of the certificate.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>Says what became of an element.</summary>
public enum EntryStatus
{
    /// <summary>A certificate was issued.</summary>
    Issued,

    /// <summary>The certificate had been issued before.</summary>
    AlreadyIssued,

    /// <summary>The request was refused: somebody has to change the entry or the CSR.</summary>
    Refused,

    /// <summary>A fault occurred: the next run may succeed.</summary>
    Failed,
}
