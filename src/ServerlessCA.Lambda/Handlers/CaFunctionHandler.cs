using System.Text;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
using ServerlessCA.Lambda.Logging;
using ServerlessCA.Lambda.Runtime;

namespace ServerlessCA.Lambda.Handlers;

/// <summary>Every function but <c>notify</c>: an event goes to the core, the core's answer comes back.</summary>
/// <param name="function">Which.</param>
/// <param name="invoke">Runs it.</param>
/// <param name="outbox">Delivered afterwards, whatever became of the function's own work; null where it does not do that.</param>
internal sealed class CaFunctionHandler(CaFunction function, InvokeFunction invoke, OutboxDelivery? outbox) : IFunction
{
    public async Task<ReadOnlyMemory<byte>> HandleAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellation)
    {
        try
        {
            return Encoding.UTF8.GetBytes((await invoke.RunAsync(function, utf8, cancellation)).Json);
        }
        finally
        {
            await (outbox?.DeliverAsync(cancellation) ?? Task.CompletedTask);
        }
    }
}

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
