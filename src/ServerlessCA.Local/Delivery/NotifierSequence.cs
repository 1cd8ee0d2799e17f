using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Delivery;

/// <summary>Calls several notifiers, one after the other. The first that fails ends the call, which is then retried as
/// a whole. So put those first that drop repeats, such as the outbox folder: then the later ones are called
/// once.</summary>
/// <param name="notifiers">The notifiers in the order in which they are called.</param>
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

/// <summary>Notifies targets through the queue. An event counts as delivered when it is queued, since only a broken
/// disk can lose it then.</summary>
/// <param name="queue">The queue; its owner drains it.</param>
public sealed class QueueNotifier(DeliveryQueue queue) : INotifier
{
    /// <inheritdoc/>
    public Task DeliverAsync(Notification notification, CancellationToken cancellation) =>
        queue.EnqueueAsync(notification, cancellation);
}
