using ServerlessCA.Core.Functions;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Lambda.Logging;

namespace ServerlessCA.Lambda.Handlers;

/// <summary>Tells how creating a CA ended.</summary>
internal static class CreateReport
{
    /// <exception cref="StepFailedException">The root is expired or revoked.</exception>
    public static void Tell(Log log, string caName, CreateOutcome outcome)
    {
        StepFailedException.ThrowIfFailed(caName, outcome);
        switch (outcome)
        {
            case CreateOutcome.Created:
                log.CaCreated(caName);
                break;
            case CreateOutcome.Existed:
                log.CaExists(caName);
                break;
            default:
                log.CaWaits(caName);
                break;
        }
    }
}
