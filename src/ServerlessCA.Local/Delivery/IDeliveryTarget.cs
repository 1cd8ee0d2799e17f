namespace ServerlessCA.Local.Delivery;

/// <summary>Somebody who is told of events: a Slack channel, a webhook, a mailbox.</summary>
public interface IDeliveryTarget
{
    /// <summary>Stays the same while the target does, also when others come and go: lower-case letters, digits, dashes.
    /// It names the folder of what waits for the target.</summary>
    string Id { get; }

    /// <summary>For people.</summary>
    string Name { get; }

    /// <summary>Sends one event. What fails on the other side is an outcome; whatever is thrown all the same counts as
    /// <see cref="DeliveryResult.Unavailable"/>.</summary>
    /// <param name="told">The event.</param>
    /// <param name="cancellation">Ends the attempt; the event may have arrived then.</param>
    Task<DeliveryOutcome> SendAsync(QueuedEvent told, CancellationToken cancellation);
}
