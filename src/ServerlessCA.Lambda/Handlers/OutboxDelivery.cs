using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Lambda.Logging;

namespace ServerlessCA.Lambda.Handlers;

/// <summary>Delivers what earlier runs could not, beside a function's own work: a failure is logged and fails nothing,
/// because the next run tries again.</summary>
internal sealed class OutboxDelivery(Deployment ca, Log log)
{
    public async Task DeliverAsync(CancellationToken cancellation)
    {
        try
        {
            OutboxOutcome outcome = await new DeliverOutbox(ca).RunAsync(cancellation);
            if (outcome.Delivered + outcome.Waiting > 0)
            {
                log.OutboxDelivered(outcome.Delivered, outcome.Waiting);
            }
        }
        catch (Exception fault) when (fault is LedgerUnavailableException or OperationCanceledException)
        {
            log.LeftForNextRun(fault.GetType().Name, fault.Message);
        }
    }
}
