using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Notifications;

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
