namespace ServerlessCA.Aws.Lambda;

/// <summary>How to invoke a function. Immutable.</summary>
public sealed record InvokeOptions
{
    /// <summary>Whether to ask for the last 4 KB of the run's log.</summary>
    public bool WithLog { get; init; }

    /// <summary>Whether the function may run again when it may have run already: true for an event that it answers
    /// the same way again (a request with an <c>idempotency_token</c>).</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Longest wait for an attempt's answer; null: 15 minutes, as long as a function can run.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Asked when <see cref="Limit"/> has passed: how long to wait in all. Null: no longer.</summary>
    public Func<CancellationToken, Task<TimeSpan>>? WholeLimit { get; init; }
}
