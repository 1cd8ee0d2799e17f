using ServerlessCA.Core.Pipeline;

namespace ServerlessCA.Core.Operations;

/// <summary>How a function ended, in every form that hosts show: the answer to its caller, a step of a run, lines of a log.
/// Made by <see cref="Outcomes"/> alone. Immutable.</summary>
public sealed record OperationResult
{
    /// <summary>What a function answers that has nothing to say, as it always did.</summary>
    public const string NoAnswer = "null";

    /// <summary>Bytes of an answer that Lambda hands on (AWS Lambda quotas: 6 MB for a synchronous invocation, of its event, too).</summary>
    public const int MaxBytes = 6 * 1024 * 1024;

    /// <summary>The answer: one JSON value.</summary>
    public string Json { get; init; } = NoAnswer;

    /// <summary>Why the function ends failed although it did what it could; null: it ends well.</summary>
    public string? Failure { get; init; }

    /// <summary>What became of the call, in a word.</summary>
    public string Outcome { get; init; } = "done";

    /// <summary>The common name that was asked for; null: none, or not known.</summary>
    public string? CommonName { get; init; }

    /// <summary>The serial number of the certificate that was answered, decimal; null: there is none.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>What happened, event by event, for the function's log.</summary>
    public IReadOnlyList<OperationFact> Facts { get; init; } = [];

    /// <summary>What was left out or skipped, for whoever follows calls one by one; no secrets, CSRs or certificates.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>As a step of a run, in one word.</summary>
    public StepStatus Status { get; init; }

    /// <summary>As a step of a run: what was done, or what failed and what to do.</summary>
    public string Message { get; init; } = "";

    /// <summary>As a step of a run: what failed, one by one, and what was skipped although the step was done.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Whether a CRL was published, be the function failed or not.</summary>
    public bool IsPublished { get; init; }

    /// <summary>As a step of a run.</summary>
    /// <param name="function">The step.</param>
    internal StepResult AsStep(CaFunction function) => new(function, Status, Message, Problems) { IsPublished = IsPublished };
}
