namespace ServerlessCA.Core.Notifications;

/// <summary>Reports what a run of the queue did. Immutable.</summary>
/// <param name="Targets">One report for each target, in the order of the settings; then one for each target that is no
/// longer in the settings and still has waiting events.</param>
public sealed record DeliveryReport(IReadOnlyList<TargetReport> Targets)
{
    /// <summary>Says whether nothing waits and nothing went wrong.</summary>
    public bool IsComplete => Targets.All(target => target is { Waiting: 0, GivenUp: 0, Problem: null });
}

/// <summary>Reports what a run did for one target. Immutable.</summary>
/// <param name="Target">The target's name, for people.</param>
/// <param name="Delivered">The number of events that were delivered.</param>
/// <param name="Waiting">The number of events that the next run tries.</param>
/// <param name="GivenUp">The number of events that were moved to <c>undelivered</c>.</param>
/// <param name="Problem">The last failure; null if there was none.</param>
public sealed record TargetReport(string Target, int Delivered, int Waiting, int GivenUp, string? Problem);
