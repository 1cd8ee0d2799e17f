using ServerlessCA.Core.Issuance;
using ServerlessCA.Lambda.Logging;
using ServerlessCA.Lambda.Runtime;

namespace ServerlessCA.Lambda.Handlers;

/// <summary>Tells how creating a CA ended.</summary>
internal static class CreateReport
{
    /// <exception cref="StepFailedException">The root is expired or revoked.</exception>
    public static void Tell(Log log, string caName, CreateOutcome outcome)
    {
        switch (outcome)
        {
            case CreateOutcome.Created:
                log.CaCreated(caName);
                break;
            case CreateOutcome.Existed:
                log.CaExists(caName);
                break;
            case CreateOutcome.NoRoot:
                log.CaWaits(caName); // not a failure: the original's create-issuing-ca does nothing then
                break;
            default:
                throw new StepFailedException($"{caName} cannot be created: the root CA is expired or revoked");
        }
    }
}
