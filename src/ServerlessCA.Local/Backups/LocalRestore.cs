using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;
using ServerlessCA.Local.Sqlite;

namespace ServerlessCA.Local.Backups;

/// <summary>Restores the data folder of a local CA from a backup: as a whole, or not at all.</summary>
public static class LocalRestore
{
    /// <summary>Says whether a backup is encrypted.</summary>
    /// <exception cref="BackupUnusableException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, as access is denied.</exception>
    public static bool IsEncrypted(string path)
    {
        using FileStream file = Open(path);
        return BackupReader.IsEncrypted(file);
    }

    /// <summary>Restores a backup.</summary>
    /// <param name="path">The backup's file.</param>
    /// <param name="passphrase">Decrypts the backup; null: it is not encrypted.</param>
    /// <param name="data">The folder, which must be empty or missing, and may be a mount point.</param>
    /// <param name="complete">Completes the unpacked files before they get their place. It is given the folder that
    /// they are in. If it throws, nothing is restored.</param>
    /// <param name="cancellation">Stops the restore; nothing stays behind.</param>
    /// <exception cref="BackupUnusableException">The backup is missing or not whole, the passphrase is another, the
    /// folder is not empty, or another command works there.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger in the backup is damaged, or of a newer
    /// program.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, as access is denied.</exception>
    public static async Task<BackupFacts> RunAsync(
        string path, string? passphrase, DataFolder data, Func<DataFolder, Task> complete, CancellationToken cancellation)
    {
        using RestoredFolder folder = await RestoredFolder.OpenAsync(data, cancellation);
        BackupFacts facts;
        using (FileStream file = Open(path))
        {
            facts = await Task.Run(() => BackupReader.Read(file, passphrase, folder.Unpacked.Path, cancellation), cancellation);
        }

        ExpectWhole(folder.Unpacked);
        using (SqliteLedger ledger = await SqliteLedger.OpenAsync(folder.Unpacked.LedgerFile, create: false, SqliteLedger.DefaultTimeout, cancellation))
        {
            await ledger.CheckAsync(cancellation);
        }

        await complete(folder.Unpacked);
        folder.Place();
        return facts;
    }

    private static void ExpectWhole(DataFolder restored)
    {
        foreach (string needed in (string[])[restored.SettingsFile, restored.LedgerFile])
        {
            if (!File.Exists(needed))
            {
                throw new BackupUnusableException($"it has no {Path.GetFileName(needed)}. Use another backup.");
            }
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return RegularFile.Open(path, followLink: true);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or NotRegularException)
        {
            throw new BackupUnusableException("there is no such file. Name a backup.", error);
        }
    }
}

/// <summary>The data folder that a backup is restored into. The backup is unpacked inside that folder, which may be a
/// mount point, and moved up when all of it is whole. Until then <see cref="DataFolder.Restoring"/> shows every command
/// that there is no whole CA, even after a restore was killed; the next restore removes the remains.</summary>
internal sealed class RestoredFolder : IDisposable
{
    private const string LostAndFound = "lost+found"; // Linux creates it in new file systems

    private static readonly string[] Moved =
    [
        BackupLayout.Keys, BackupLayout.External, BackupLayout.Internal, BackupLayout.Ledger,
        $"{BackupLayout.Ledger}-wal", $"{BackupLayout.Ledger}-shm", $"{BackupLayout.Ledger}-journal", BackupLayout.Settings,
    ];

    private readonly string target;
    private readonly bool isNew;
    private readonly FolderLock turn;
    private bool isWhole;

    private RestoredFolder(DataFolder data, string target, bool isNew, FolderLock turn)
    {
        this.target = target;
        this.isNew = isNew;
        this.turn = turn;
        Unpacked = new DataFolder(data.Restoring);
    }

    /// <summary>Where the backup is unpacked.</summary>
    public DataFolder Unpacked { get; }

    /// <summary>Creates the folder if it is missing, and makes sure that nobody else works in it.</summary>
    /// <exception cref="BackupUnusableException">The folder is not empty, or another command works there.</exception>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, as access is denied.</exception>
    public static async Task<RestoredFolder> OpenAsync(DataFolder data, CancellationToken cancellation)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(data.Path));
        ExpectEmpty(data, target);
        bool isNew = !Directory.Exists(target);
        if (isNew)
        {
            DurableFolder.Create(Path.GetDirectoryName(target)!, Access.WorldFolder);
            DurableFolder.Create(target, Access.OwnerFolder);
        }

        var folder = new RestoredFolder(data, target, isNew, await TakeTurnAsync(data, target, cancellation));
        try
        {
            ExpectEmpty(data, target);
            folder.Clear();
            DurableFolder.Create(data.Restoring, Access.OwnerFolder);
            return folder;
        }
        catch
        {
            folder.turn.Dispose();
            throw;
        }
    }

    /// <summary>Moves everything to its place, the settings last: older programs take them as the sign of a
    /// CA.</summary>
    /// <exception cref="IOException">A file cannot be moved.</exception>
    public void Place()
    {
        FlushAll(Unpacked.Path);
        foreach (string name in Moved.Where(name => Path.Exists(Path.Combine(Unpacked.Path, name))))
        {
            Directory.Move(Path.Combine(Unpacked.Path, name), Path.Combine(target, name)); // moves files, too
        }

        DurableFolder.Flush(target);
        File.Delete(Path.Combine(Unpacked.Path, FolderLock.FileName));
        Directory.Delete(Unpacked.Path); // throws if it is not empty; from here on there is a CA
        isWhole = true;
        DurableFolder.Flush(target);
    }

    /// <summary>Removes what is not whole.</summary>
    public void Dispose()
    {
        using (turn)
        {
            if (!isWhole)
            {
                Clear();
            }
        }

        if (!isWhole && isNew)
        {
            RemoveFolder();
        }
    }

    private static void ExpectEmpty(DataFolder data, string target)
    {
        bool isOurs = Directory.Exists(data.Restoring);
        string[] allowed = [FolderLock.FileName, LostAndFound, .. isOurs ? (string[])[Path.GetFileName(data.Restoring), .. Moved] : []];
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Select(Path.GetFileName).Except(allowed).Any()))
        {
            throw new BackupUnusableException($"'{data.Path}' is not empty, and restoring replaces nothing. Move it away, or name another folder: --ca local:FOLDER.");
        }
    }

    private static async Task<FolderLock> TakeTurnAsync(DataFolder data, string target, CancellationToken cancellation)
    {
        try
        {
            return await FolderLock.TakeAsync(target, TimeSpan.Zero, cancellation);
        }
        catch (IOException held) when (HeldFile.IsCauseOf(held))
        {
            throw new BackupUnusableException($"another command is at work in '{data.Path}'. Wait until it has ended.", held);
        }
    }

    private static void FlushAll(string folder)
    {
        foreach (string inside in Directory.EnumerateDirectories(folder))
        {
            FlushAll(inside);
        }

        DurableFolder.Flush(folder);
    }

    // Only a restore leaves something behind: without its folder there is nothing to remove.
    private void Clear()
    {
        if (!Directory.Exists(Unpacked.Path))
        {
            return;
        }

        foreach (string path in Moved.Select(name => Path.Combine(target, name)))
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }

        Directory.Delete(Unpacked.Path, recursive: true);
    }

    private void RemoveFolder()
    {
        try
        {
            File.Delete(Path.Combine(target, FolderLock.FileName));
            Directory.Delete(target);
        }
        catch (IOException)
        {
            // Another command has begun to work there.
        }
    }
}
