using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Keys;

/// <summary>Key files and who may read them: the folder 0700, the files 0600 or 0400, no symbolic links.</summary>
internal sealed class KeyFolder(string folder)
{
    private const int MaxBytes = 64 * 1024; // our decision: the largest PKCS#8, ML-DSA-87 expanded, takes 7 KiB

    /// <summary>The file of a CA's key.</summary>
    /// <exception cref="CaKeyUnavailableException">The name cannot be a file's.</exception>
    public string PathOf(string caName) => StoreKey.IsSafe($"{caName}.key.pem")
        ? Path.Combine(folder, $"{caName}.key.pem")
        : throw new CaKeyUnavailableException(
            $"'{caName}' cannot name a key file. Use letters, digits and dashes in project and env.");

    /// <summary>A file's bytes, or null when there is none; the caller zeroes them.</summary>
    /// <exception cref="CaKeyUnavailableException">It cannot be read, or others could read it too.</exception>
    public byte[]? Read(string path)
    {
        try
        {
            if (!Access.Exists(path))
            {
                return null;
            }

            CheckFolder();
            CheckFile(path);
            return RegularFile.ReadAllBytes(path, MaxBytes, followLink: false) ?? throw NotAKey(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CaKeyUnavailableException(
                $"Key file '{path}' cannot be read: {error.Message.TrimEnd('.')}. Check the disk and who may read the file.", error);
        }
    }

    /// <summary>Puts a key in place, durably; false when there is one already, which stays as it is.</summary>
    /// <exception cref="CaKeyUnavailableException">It cannot be written.</exception>
    public async Task<bool> CreateAsync(
        string path, Func<byte[]> write, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            DurableFolder.Create(folder, Access.OwnerFolder);
            CheckFolder();
            using FolderLock turn = await FolderLock.TakeAsync(folder, FolderLock.Timeout, cancellation);
            AtomicFile.DeleteLeftovers(folder, clock.GetUtcNow());
            return !Access.Exists(path) && await Task.Run(() => AtomicFile.Create(path, write(), Access.OwnerFile), CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CaKeyUnavailableException(
                $"Key file '{path}' cannot be written: {error.Message.TrimEnd('.')}. Check the disk and who may write there.", error);
        }
    }

    private void CheckFolder()
    {
        if (new DirectoryInfo(folder).LinkTarget is not null)
        {
            throw new CaKeyUnavailableException($"Key folder '{folder}' is a symbolic link. Put the folder itself there.");
        }

        if (Access.OpenToOthers(folder) is { } mode)
        {
            throw new CaKeyUnavailableException(
                $"Others can enter key folder '{folder}' (mode {Access.Octal(mode)}). Run: chmod 700 '{folder}'");
        }
    }

    private static void CheckFile(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
        {
            throw new CaKeyUnavailableException($"Key file '{path}' is a symbolic link. Put the file itself there.");
        }

        if (Access.OpenToOthers(path) is { } mode)
        {
            throw new CaKeyUnavailableException(
                $"Others can use key file '{path}' (mode {Access.Octal(mode)}). Run: chmod 600 '{path}'. "
                + "If somebody may have read it, replace the CA.");
        }

        if (Directory.Exists(path))
        {
            throw NotAKey(path);
        }
    }

    private static CaKeyUnavailableException NotAKey(string path) => new($"'{path}' is not a key file. Restore it from a backup.");
}
