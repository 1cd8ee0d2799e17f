using ServerlessCA.Core.Notifications;

namespace ServerlessCA.Core.Ports;

/// <summary>Sends notifications of events: to an SNS topic, to an outbox folder. The ledger stores every event in its outbox
/// until it is delivered, so a failure here loses nothing and stops nobody.</summary>
public interface INotifier
{
    /// <summary>Delivers one event. Delivering an event again (same id) is allowed and harmless.</summary>
    /// <exception cref="NotDeliveredException">It may or may not have been delivered; it will be tried again.</exception>
    Task DeliverAsync(Notification notification, CancellationToken cancellation);
}

/// <summary>An event could not be delivered now. The message names the target and what to do.</summary>
public sealed class NotDeliveredException(string message, Exception? cause = null) : Exception(message, cause);
