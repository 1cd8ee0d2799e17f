using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Files;

/// <summary>Reads a GitOps folder: <c>tls.json</c>, <c>revoked.json</c>, <c>revoked-root-ca.json</c>, <c>csrs/*</c>
/// (contract section 7). Names that begin with a dot are not part of it. Links count if they stay inside.</summary>
/// <param name="folder">Absolute, or relative to the working directory.</param>
/// <param name="maxBytes">Larger files are refused.</param>
public sealed class FolderInternalFiles(string folder, long maxBytes = IInternalFiles.DefaultMaxBytes) : IInternalFiles
{
    private readonly StoreFolder store = new(folder, maxBytes);

    /// <inheritdoc/>
    public string Location => $"folder '{folder}'";

    /// <summary><inheritdoc/> It ends before it returns: handing a small file to another thread would take longer than reading
    /// it.</summary>
    public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => AtOnce.Run(() => Read(key), cancellation);

    private StoredFile? Read(string key)
    {
        // Neither a mistyped folder nor a link to nowhere may look like an empty list: that would hide all revocations.
        return !Directory.Exists(folder)
            ? throw new FilesUnavailableException($"There is no folder '{folder}'. Create it or name another one.")
            : store.Read(key) ?? (store.IsLostLink(key)
                ? throw new FilesUnavailableException(
                    $"'{Path.Combine(folder, key)}' cannot be read: it is a link that leads out of the folder or to no file. Put the file itself there.") { IsUnfit = true }
                : null);
    }
}
