using System.Globalization;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Conformance.Memory;

/// <summary>Files in memory: the internal store, which a scenario fills, or the published one.</summary>
internal sealed class ScenarioFiles(string location) : IInternalFiles, IPublishedFiles
{
    private readonly Dictionary<string, StoredFile> files = [];
    private int versions;

    public string Location => location;

    public void Put(string key, ReadOnlyMemory<byte> content) =>
        files[key] = new StoredFile(content, (++versions).ToString(CultureInfo.InvariantCulture));

    public bool Remove(string key) => files.Remove(key);

    public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => Task.FromResult(files.GetValueOrDefault(key));

    public Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation)
    {
        bool replaces = expected == IPublishedFiles.AnyVersion || files.GetValueOrDefault(file.Key)?.Version == expected;
        if (replaces)
        {
            Put(file.Key, file.Content);
        }

        return Task.FromResult(replaces);
    }
}
