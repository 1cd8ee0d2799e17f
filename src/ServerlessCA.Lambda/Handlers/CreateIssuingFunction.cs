using ServerlessCA.Core.Issuance;
using ServerlessCA.Lambda.Logging;
using ServerlessCA.Lambda.Runtime;

namespace ServerlessCA.Lambda.Handlers;

/// <summary><c>create-issuing-ca</c>: the event is ignored.</summary>
internal sealed class CreateIssuingFunction(Deployment ca, Log log) : IFunction
{
    public async Task<ReadOnlyMemory<byte>> HandleAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellation)
    {
        CreateOutcome outcome = await new CreateIssuingCa(ca).RunAsync(cancellation);
        CreateReport.Tell(log, ca.Settings.Names.IssuingCa, outcome);
        return NoAnswer.Json;
    }
}
