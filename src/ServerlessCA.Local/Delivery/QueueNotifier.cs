using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Delivery;

/// <summary>Tells targets by way of the queue: an event counts as delivered when it is queued, since nothing short of the
/// disk can lose it then.</summary>
/// <param name="queue">The queue; somebody drains it.</param>
public sealed class QueueNotifier(DeliveryQueue queue) : INotifier
{
    /// <inheritdoc/>
    public Task DeliverAsync(Notification notification, CancellationToken cancellation) =>
        queue.EnqueueAsync(notification, cancellation);
}
