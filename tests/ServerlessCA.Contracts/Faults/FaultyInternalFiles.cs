using ServerlessCA.Core.Ports;

namespace ServerlessCA.Contracts.Faults;

/// <summary>A store of the operator's files whose reads fail as planned.</summary>
public sealed class FaultyInternalFiles(IInternalFiles inner, FaultPlan plan) : IInternalFiles
{
    public string Location => inner.Location;

    public async Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation)
    {
        plan.Read(message => new FilesUnavailableException(message));
        return await inner.ReadAsync(key, cancellation);
    }
}
