namespace ServerlessCA.Local.Delivery;

/// <summary>What a run of the queue did. Immutable.</summary>
/// <param name="Targets">One for each target, in the order of the settings; then one for each target that is no longer
/// in the settings and still has events waiting.</param>
public sealed record DeliveryReport(IReadOnlyList<TargetReport> Targets)
{
    /// <summary>Whether nothing waits and nothing went wrong.</summary>
    public bool IsComplete => Targets.All(target => target is { Waiting: 0, GivenUp: 0, Problem: null });
}
