using ServerlessCA.Core.Notifications;

namespace ServerlessCA.Core.Ports;

/// <summary>Tells the outside world of an event: an SNS topic, an outbox folder. The ledger keeps every event until
/// it was delivered, so a failure here loses nothing and stops nobody.</summary>
public interface INotifier
{
    /// <summary>Delivers one event. Delivering an event again (same id) is allowed and harmless.</summary>
    /// <exception cref="NotDeliveredException">It may or may not have been delivered; it will be tried again.</exception>
    Task DeliverAsync(Notification notification, CancellationToken cancellation);
}

/// <summary>An event could not be delivered now. The message says where to and what to do.</summary>
public sealed class NotDeliveredException(string message, Exception? cause = null) : Exception(message, cause);
