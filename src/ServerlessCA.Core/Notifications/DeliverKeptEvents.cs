using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Notifications;

/// <summary>Delivers the events that earlier runs kept and could not deliver (decision 0001). Every daily run does it,
/// so an event waits a day at most once the way is free again.</summary>
public sealed class DeliverKeptEvents(Deployment ca)
{
    private readonly Announcer announcer = new(ca.Ledger, ca.Notifier);

    /// <summary>Runs it once.</summary>
    /// <exception cref="LedgerUnavailableException">Some may have been delivered: run again.</exception>
    public async Task<KeptEventsOutcome> RunAsync(CancellationToken cancellation)
    {
        (int delivered, int waiting) = await announcer.DeliverPendingAsync(cancellation);
        return new KeptEventsOutcome(delivered, waiting);
    }
}

/// <summary>What became of kept events. Immutable.</summary>
/// <param name="Delivered">Told now.</param>
/// <param name="Waiting">Still not to be delivered: the next run tries again.</param>
public sealed record KeptEventsOutcome(int Delivered, int Waiting);
