using ServerlessCA.Core.Retries;

namespace ServerlessCA.Slack;

/// <summary>How long and how often one post is tried. Immutable. The numbers are our decision: a notify function has a
/// minute, and who waits longer than that is served by the next run.</summary>
public sealed record SlackRetryPolicy
{
    /// <summary>Calls at most, 1 or more.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>For one call, connecting and reading included.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Before the second call; doubled before each further one, where Slack names no time itself.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>These pauses; <see cref="Total"/> ends them.</summary>
    internal Backoff Pauses => new(FirstPause);

    /// <summary>No call begins later than this after the first one; a longer <c>Retry-After</c> ends the attempts.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromSeconds(30);
}
