using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Files;

/// <summary>A GitOps folder: <c>tls.json</c>, <c>revoked.json</c>, <c>revoked-root-ca.json</c>, <c>csrs/*</c> (SPEC
/// section 7). It is only read. Names that begin with a dot are not part of it; links count while they stay inside.</summary>
/// <param name="folder">The folder, absolute or from the working directory.</param>
/// <param name="maxBytes">Larger files are refused; 64 MiB by default (our decision: about 300,000 entries).</param>
public sealed class FolderInternalFiles(string folder, long maxBytes = FolderInternalFiles.DefaultMaxBytes) : IInternalFiles
{
    /// <summary>64 MiB, in bytes.</summary>
    public const long DefaultMaxBytes = 64L << 20;

    private readonly StoreFolder store = new(folder, maxBytes);

    /// <inheritdoc/>
    public string Location => $"folder '{folder}'";

    /// <inheritdoc/>
    public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => Task.Run(() => Read(key), cancellation);

    private StoredFile? Read(string key)
    {
        // A mistyped folder must not look like an empty one: its revocations would seem to be none.
        return Directory.Exists(folder)
            ? store.Read(key)
            : throw new FilesUnavailableException($"There is no folder '{folder}'. Create it or name another one.");
    }
}
