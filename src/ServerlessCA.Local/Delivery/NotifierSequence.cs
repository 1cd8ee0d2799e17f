using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Delivery;

/// <summary>Several notifiers, one after the other; the first that fails ends the turn. So put those first that drop
/// repeats, such as the outbox folder: when the turn is repeated, the later ones are told once.</summary>
/// <param name="notifiers">In this order.</param>
public sealed class NotifierSequence(params IReadOnlyList<INotifier> notifiers) : INotifier
{
    /// <inheritdoc/>
    public async Task DeliverAsync(Notification notification, CancellationToken cancellation)
    {
        foreach (INotifier notifier in notifiers)
        {
            await notifier.DeliverAsync(notification, cancellation);
        }
    }
}

/// <summary>Tells targets by way of the queue: an event counts as delivered when it is queued, since nothing short of the
/// disk can lose it then.</summary>
/// <param name="queue">The queue; somebody drains it.</param>
public sealed class QueueNotifier(DeliveryQueue queue) : INotifier
{
    /// <inheritdoc/>
    public Task DeliverAsync(Notification notification, CancellationToken cancellation) =>
        queue.EnqueueAsync(notification, cancellation);
}
