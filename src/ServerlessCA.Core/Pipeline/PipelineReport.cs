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
