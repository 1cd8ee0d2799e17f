namespace ServerlessCA.Aws.Lambda;

/// <summary>What an invoked function answered. Immutable.</summary>
/// <param name="Payload">Its answer, JSON; of a failed run <c>errorType</c>, <c>errorMessage</c> and a trace.</param>
/// <param name="FunctionError"><c>Unhandled</c> or <c>Handled</c> when the run failed; else null.</param>
/// <param name="LogTail">The last 4 KB of its log, if asked for.</param>
public sealed record InvokeResult(ReadOnlyMemory<byte> Payload, string? FunctionError, string? LogTail);
