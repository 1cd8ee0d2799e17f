using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Lambda.Logging;
using ServerlessCA.Lambda.Runtime;

namespace ServerlessCA.Lambda.Handlers;

/// <summary><c>expiry</c>: the event is ignored.</summary>
internal sealed class ExpiryFunction(Deployment ca, KeptEvents keptEvents, Log log) : IFunction
{
    public async Task<ReadOnlyMemory<byte>> HandleAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellation)
    {
        try
        {
            ExpiryOutcome outcome = await new RemindOfExpiry(ca).RunAsync(cancellation);
            foreach (string problem in outcome.Problems)
            {
                log.EntrySkipped(problem);
            }

            log.Reminded(outcome.Warnings, outcome.Expired);
        }
        finally
        {
            await keptEvents.DeliverAsync(cancellation);
        }

        return NoAnswer.Json;
    }
}
