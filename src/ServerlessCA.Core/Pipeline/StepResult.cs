using ServerlessCA.Core.Operations;

namespace ServerlessCA.Core.Pipeline;

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
