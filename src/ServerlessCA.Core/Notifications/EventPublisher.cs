using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Notifications;

/// <summary>Delivers events that the ledger keeps. Never throws: telling of work must not undo the work. What fails
/// stays in the ledger and is tried again by the next run, so every event is told at least once.</summary>
internal sealed class EventPublisher(ICertificateLedger ledger, INotifier notifier)
{
    private const int BatchSize = 100; // events read at once; our decision

    /// <summary>Delivers one event that was kept with the work it tells of.</summary>
    /// <returns>Whether it was delivered.</returns>
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

    /// <summary>Keeps and delivers an event that belongs to no stored work, such as a refusal.</summary>
    /// <param name="notification">The event.</param>
    /// <param name="onceOnly">Tell an event of this id once, for good (contract 12.19).</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task PublishAsync(Notification notification, bool onceOnly, CancellationToken cancellation)
    {
        bool news = true;
        try
        {
            news = await ledger.AddToOutboxAsync(notification, onceOnly, cancellation);
        }
        catch (Exception fault) when (fault is LedgerUnavailableException or OperationCanceledException)
        {
            // Not kept, perhaps: still worth one try now.
        }

        if (news)
        {
            await DeliverAsync(notification, cancellation);
        }
    }

    /// <summary>Tries what earlier runs could not deliver; stops at the first failure of a batch.</summary>
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

/// <summary>Delivers the events that earlier runs kept and could not deliver (decision 0001). Every daily run does it,
/// so an event waits a day at most once the way is free again.</summary>
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

/// <summary>What became of kept events. Immutable.</summary>
/// <param name="Delivered">Told now.</param>
/// <param name="Waiting">Still not to be delivered: the next run tries again.</param>
public sealed record OutboxOutcome(int Delivered, int Waiting);
