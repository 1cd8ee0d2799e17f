using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Contracts.Faults;

/// <summary>A notifier whose deliveries fail as planned.</summary>
public sealed class FaultyNotifier(INotifier inner, FaultPlan plan) : INotifier
{
    public Task DeliverAsync(Notification notification, CancellationToken cancellation) => plan.WriteAsync(
        () => inner.DeliverAsync(notification, cancellation), message => new NotDeliveredException(message));
}
