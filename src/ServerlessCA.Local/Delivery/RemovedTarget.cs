namespace ServerlessCA.Local.Delivery;

/// <summary>Stands for a target that is no longer in the settings: what waits for it is kept for its time, in case the
/// target comes back, and then put aside.</summary>
internal sealed class RemovedTarget(string id) : IDeliveryTarget
{
    public string Id => id;

    public string Name => id;

    public Task<DeliveryOutcome> SendAsync(QueuedEvent told, CancellationToken cancellation) => Task.FromResult(
        DeliveryOutcome.Unavailable("no target of the setting notifications has this name: set it again or delete its folder below outbox/pending"));
}
