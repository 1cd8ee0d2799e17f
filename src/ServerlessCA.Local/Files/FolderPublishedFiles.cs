using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Files;

/// <summary>Stores published files in a folder. A file is replaced as a whole. Writers take turns across processes, so
/// that of two who replace the same version exactly one wins. A folder stores no media types: a server derives them
/// from the extension.</summary>
/// <param name="folder">Created with the first file.</param>
/// <param name="clock">Decides which leftovers of killed processes are old enough to delete.</param>
/// <param name="maxBytes">Larger files are neither read nor published; 1 GiB by default (our decision: a CRL of 20
/// million entries).</param>
public sealed class FolderPublishedFiles(
    string folder, TimeProvider clock, long maxBytes = FolderPublishedFiles.DefaultMaxBytes) : IPublishedFiles
{
    /// <summary>The default limit of a file, 1 GiB in bytes.</summary>
    public const long DefaultMaxBytes = 1L << 30;

    private readonly StoreFolder store = new(folder, maxBytes);

    /// <inheritdoc/>
    public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) =>
        Task.Run(() => store.Read(key), cancellation);

    /// <inheritdoc/>
    public async Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation)
    {
        if (!StoreKey.TryParse(file.Key, out StoreKey? key))
        {
            throw new FilesUnavailableException(
                $"'{file.Key}' cannot be published in '{folder}': not a name that stays inside it. Rename it.");
        }

        if (file.Content.Length > maxBytes)
        {
            throw new FilesUnavailableException(
                $"'{file.Key}' cannot be published in '{folder}': {file.Content.Length} bytes, at most {maxBytes} are allowed.");
        }

        try
        {
            DurableFolder.Create(folder, Access.WorldFolder);
            using FolderLock turn = await FolderLock.TakeAsync(folder, FolderLock.Timeout, cancellation);
            return await Task.Run(() => Replace(key, file, expected), CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FilesUnavailableException(
                $"'{file.Key}' cannot be published in '{folder}': {error.Message.TrimEnd('.')}. Check the disk and who may write there.", error);
        }
    }

    private bool Replace(StoreKey key, PublishedFile file, string? expected)
    {
        string path = store.Locate(key)
            ?? throw new FilesUnavailableException($"'{file.Key}' leads out of '{folder}'. Remove the link.");
        if (expected != IPublishedFiles.AnyVersion && store.Read(file.Key)?.Version != expected)
        {
            return false;
        }

        string parent = Path.GetDirectoryName(path)!;
        DurableFolder.Create(parent, Access.WorldFolder);
        AtomicFile.DeleteLeftovers(parent, clock.GetUtcNow());
        AtomicFile.Replace(path, file.Content.Span, Access.WorldFile);
        return true;
    }
}
