using ServerlessCA.Core.Access;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
using ServerlessCA.Lambda.Logging;
using ServerlessCA.Lambda.Runtime;

namespace ServerlessCA.Lambda.Handlers;

/// <summary>Handles events of every function but <c>notify</c>: it passes the event to the core and returns the core's
/// answer.</summary>
/// <param name="function">The function to run.</param>
/// <param name="invoke">Runs the core's function.</param>
/// <param name="policies">The policies, of which the invoked alias names one; empty where callers are bound by none.</param>
/// <param name="outbox">The outbox that is delivered afterwards, even if the function failed; null for functions that deliver
/// none.</param>
/// <param name="look">The look at the CRL's public address before; null for functions that publish none.</param>
internal sealed class CaFunctionHandler(
    CaFunction function, InvokeFunction invoke, IReadOnlyList<RequestPolicy> policies, OutboxDelivery? outbox, PublicLook? look = null) : IFunction
{
    private const string AllCallers = "aws"; // nobody says who calls a function: its refusals are limited together

    public async Task<ReadOnlyMemory<byte>> HandleAsync(Invocation invocation, CancellationToken cancellation)
    {
        CallerRights rights = RightsOf(invocation);

        // The history names the invocation, which CloudTrail knows with its caller.
        await (look?.LookAsync(invocation.Deadline, cancellation) ?? Task.CompletedTask);
        InvokeFunction called = invoke.As(new Actor($"request {invocation.RequestId}") { Limited = AllCallers });
        try
        {
            return (await called.RunAsync(function, invocation.Event, rights, cancellation)).Utf8;
        }
        finally
        {
            await (outbox?.DeliverAsync(cancellation) ?? Task.CompletedTask);
        }
    }

    private CallerRights RightsOf(Invocation invocation) =>
        InvokedAlias.PolicyOf(invocation.FunctionArn, [.. policies.Select(policy => policy.Name)]) is { } name
            ? CallerRights.Everything.Under(RequestPolicy.Find(policies, name)!)
            : CallerRights.Everything;
}

/// <summary>Delivers the outbox of earlier runs after a function's own work. A failure is only logged, because the next run
/// retries.</summary>
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

/// <summary>Logs what comes from the public address of a CRL before its function publishes the next one, when it is oldest. Whatever goes
/// wrong is only logged, and takes ten seconds at most, less where the function has less than forty: the CRL is published all the
/// same.</summary>
internal sealed class PublicLook(CaFunction function, WatchPublicCrl watch, Log log, TimeProvider clock)
{
    public async Task LookAsync(DateTimeOffset deadline, CancellationToken cancellation)
    {
        try
        {
            foreach (OperationFact fact in await watch.RunAsync(function, deadline - clock.GetUtcNow(), cancellation))
            {
                log.Write(fact);
            }
        }
        catch (Exception fault) // whatever it is, publishing comes first
        {
            log.LeftForNextRun(fault.GetType().Name, fault.Message);
        }
    }
}
