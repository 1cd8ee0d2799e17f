namespace ServerlessCA.Local.Delivery;

/// <summary>How long the queue tries. Immutable. The numbers are our decision.</summary>
public sealed record DeliveryRetryPolicy
{
    /// <summary>For one event at one target; who hangs longer is cut off. Longer than a Slack client's own retry.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>An event that fails when it is older than this is given up.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(30);

    /// <summary>An event that failed in so many runs lets the others pass: one that a target can never take must not
    /// stand before them for a month.</summary>
    public int RunsInFront { get; init; } = 3;
}
