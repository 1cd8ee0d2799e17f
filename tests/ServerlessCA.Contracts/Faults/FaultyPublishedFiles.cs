using ServerlessCA.Core.Ports;

namespace ServerlessCA.Contracts.Faults;

/// <summary>A store of published files whose calls fail as planned.</summary>
public sealed class FaultyPublishedFiles(IPublishedFiles inner, FaultPlan plan) : IPublishedFiles
{
    public async Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation)
    {
        plan.Read(Failure);
        return await inner.ReadAsync(key, cancellation);
    }

    public Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation) =>
        plan.WriteAsync(() => inner.PublishAsync(file, expected, cancellation), Failure);

    private static FilesUnavailableException Failure(string message) => new(message);
}
