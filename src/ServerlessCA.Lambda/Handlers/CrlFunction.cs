using ServerlessCA.Core.Functions;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Lambda.Logging;
using ServerlessCA.Lambda.Runtime;

namespace ServerlessCA.Lambda.Handlers;

/// <summary><c>root-ca-crl</c> and <c>issuing-ca-crl</c>.</summary>
/// <param name="publish">Which CRL.</param>
/// <param name="keptEvents">Delivered afterwards, whatever became of the CRL; null where the function tells nobody.</param>
/// <param name="log">What happened.</param>
internal sealed class CrlFunction(PublishCrl publish, KeptEvents? keptEvents, Log log) : IFunction
{
    public async Task<ReadOnlyMemory<byte>> HandleAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellation)
    {
        try
        {
            CrlOutcome outcome = await publish.RunAsync(crl => log.CrlInPlace(crl.Number ?? 0, TableTime.Text(crl.NextUpdate)), cancellation);
            Tell(outcome, CrlEvent.MayWait(utf8, outcome));
        }
        finally
        {
            await (keptEvents?.DeliverAsync(cancellation) ?? Task.CompletedTask);
        }

        return NoAnswer.Json;
    }

    private void Tell(CrlOutcome outcome, bool mayWait)
    {
        if (mayWait)
        {
            log.CrlWaits(publish.FileKey);
            return;
        }

        foreach (string problem in outcome.Problems)
        {
            log.RevocationProblem(problem);
        }

        if (outcome.Status == CrlStatus.AheadInPlace)
        {
            log.CrlAheadInPlace(outcome.Number);
        }
        else if (outcome.Status != CrlStatus.NoCa)
        {
            log.CrlPublished(outcome.Number ?? 0, outcome.EntryCount, outcome.NewlyRevoked);
        }

        StepFailedException.ThrowIfFailed(publish.FileKey, outcome);
    }
}
