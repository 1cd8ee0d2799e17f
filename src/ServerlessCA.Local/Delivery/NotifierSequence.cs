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
