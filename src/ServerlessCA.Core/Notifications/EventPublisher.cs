using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Notifications;

/// <summary>Delivers the events of the ledger's outbox. Never throws: a failed notification must not undo the work that it
/// reports. What cannot be delivered stays in the outbox, and the next run tries again, so every event is delivered at least
/// once.</summary>
internal sealed class EventPublisher(ICertificateLedger ledger, INotifier notifier)
{
    private const int BatchSize = 100; // events read at once; our decision

    /// <summary>Delivers one event that was stored in the outbox together with the work that it reports.</summary>
    /// <returns>False when it was not delivered and stays in the outbox.</returns>
    public async Task<bool> DeliverAsync(Notification notification, CancellationToken cancellation)
    {
        try
        {
            await notifier.DeliverAsync(notification, cancellation);
            await ledger.RemoveFromOutboxAsync(notification.Id, cancellation);
            return true;
        }
        catch (Exception fault) when (fault is NotDeliveredException or LedgerUnavailableException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Stores an event in the outbox and delivers it; for events that belong to no stored work, such as a
    /// refusal.</summary>
    /// <param name="notification">What to publish.</param>
    /// <param name="onceOnly">Whether an event of this id is published once, for good (contract 12.19).</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task PublishAsync(Notification notification, bool onceOnly, CancellationToken cancellation)
    {
        bool isNew = true;
        try
        {
            isNew = await ledger.AddToOutboxAsync(notification, onceOnly, cancellation);
        }
        catch (Exception fault) when (fault is LedgerUnavailableException or OperationCanceledException)
        {
            // The event may not be stored: it is still tried once now.
        }

        if (isNew)
        {
            await DeliverAsync(notification, cancellation);
        }
    }

    /// <summary>Delivers what earlier runs could not; stops at the first failure of a batch.</summary>
    /// <returns>How many were delivered, and how many wait.</returns>
    public async Task<(int Delivered, int Waiting)> DeliverOutboxAsync(CancellationToken cancellation)
    {
        int delivered = 0;
        while (true)
        {
            IReadOnlyList<Notification> batch = await ledger.ReadOutboxAsync(BatchSize, cancellation);
            int before = delivered;
            foreach (Notification notification in batch)
            {
                delivered += await DeliverAsync(notification, cancellation) ? 1 : 0;
            }

            int failed = batch.Count - (delivered - before);
            if (failed > 0 || batch.Count < BatchSize)
            {
                return (delivered, failed);
            }
        }
    }
}

/// <summary>Delivers the events that earlier runs stored in the outbox and could not deliver (decision 0001). Every daily run
/// does it, so an event waits for a day at most once delivery works again.</summary>
public sealed class DeliverOutbox(Deployment ca)
{
    private readonly EventPublisher publisher = new(ca.Ledger, ca.Notifier);

    /// <summary>Runs it once.</summary>
    /// <exception cref="LedgerUnavailableException">Some may have been delivered: run again.</exception>
    public async Task<OutboxOutcome> RunAsync(CancellationToken cancellation)
    {
        (int delivered, int waiting) = await publisher.DeliverOutboxAsync(cancellation);
        return new OutboxOutcome(delivered, waiting);
    }
}

/// <summary>Says what became of the events in the outbox. Immutable.</summary>
/// <param name="Delivered">How many were delivered now.</param>
/// <param name="Waiting">How many could not be delivered: the next run tries again.</param>
public sealed record OutboxOutcome(int Delivered, int Waiting);
