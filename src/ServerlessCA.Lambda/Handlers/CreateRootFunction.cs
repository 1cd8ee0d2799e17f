using ServerlessCA.Core.Issuance;
using ServerlessCA.Lambda.Logging;
using ServerlessCA.Lambda.Runtime;

namespace ServerlessCA.Lambda.Handlers;

/// <summary><c>create-root-ca</c>: the event is ignored.</summary>
internal sealed class CreateRootFunction(Deployment ca, Log log) : IFunction
{
    public async Task<ReadOnlyMemory<byte>> HandleAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellation)
    {
        CreateOutcome outcome = await new CreateRootCa(ca).RunAsync(cancellation);
        CreateReport.Tell(log, ca.Settings.Names.RootCa, outcome);
        return NoAnswer.Json;
    }
}
