using ServerlessCA.Core.Functions;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Lambda.Logging;
using ServerlessCA.Lambda.Runtime;

namespace ServerlessCA.Lambda.Handlers;

/// <summary><c>create-root-ca</c> and <c>create-issuing-ca</c>: the event is ignored.</summary>
/// <param name="caName">Which CA.</param>
/// <param name="create">Creates it unless it exists.</param>
/// <param name="log">What happened.</param>
internal sealed class CreateFunction(string caName, Func<CancellationToken, Task<CreateOutcome>> create, Log log) : IFunction
{
    public async Task<ReadOnlyMemory<byte>> HandleAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellation)
    {
        CreateOutcome outcome = await create(cancellation);
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

        return NoAnswer.Json;
    }
}
