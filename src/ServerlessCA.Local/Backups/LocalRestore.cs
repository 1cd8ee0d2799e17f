using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;
using ServerlessCA.Local.Sqlite;

namespace ServerlessCA.Local.Backups;

/// <summary>Makes the data folder of a local CA from a backup: as a whole, or not at all.</summary>
public static class LocalRestore
{
    /// <summary>Whether a backup is encrypted.</summary>
    /// <exception cref="BackupUnusableException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static bool IsEncrypted(string path)
    {
        using FileStream file = Open(path);
        return BackupReader.IsEncrypted(file);
    }

    /// <summary>Restores a backup.</summary>
    /// <param name="path">The file.</param>
    /// <param name="passphrase">What it was encrypted with; null: it was not.</param>
    /// <param name="data">The folder, which must be empty or not there, and may be a mount point.</param>
    /// <param name="complete">Completes what was unpacked, in the folder that it is given, before it gets its place; if it throws,
    /// nothing is restored.</param>
    /// <param name="cancellation">Stops it; nothing stays behind.</param>
    /// <exception cref="BackupUnusableException">There is no such file, it is no whole backup, the passphrase is another, there is
    /// something in the folder, or another command works there.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger in it is damaged, or of a newer program.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
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

/// <summary>The data folder that a backup is restored into. It is unpacked inside that folder, which may be a mount point, and
/// moved up when all of it is whole. Until then <see cref="DataFolder.Restoring"/> tells every command that there is no whole
/// CA, also after a restore was killed; the next one removes what that left.</summary>
internal sealed class RestoredFolder : IDisposable
{
    private const string LostAndFound = "lost+found"; // file systems of Linux are born with it

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

    /// <summary>Makes the folder if it is missing, and sees that nobody else works in it.</summary>
    /// <exception cref="BackupUnusableException">There is something in it, or somebody works there.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
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

    /// <summary>Moves everything to its place, the settings last: older programs take them for the CA.</summary>
    /// <exception cref="IOException">It cannot be moved.</exception>
    public void Place()
    {
        FlushAll(Unpacked.Path);
        foreach (string name in Moved.Where(name => Path.Exists(Path.Combine(Unpacked.Path, name))))
        {
            Directory.Move(Path.Combine(Unpacked.Path, name), Path.Combine(target, name)); // files, too
        }

        DurableFolder.Flush(target);
        File.Delete(Path.Combine(Unpacked.Path, FolderLock.FileName));
        Directory.Delete(Unpacked.Path); // empty, or it throws; from here on there is a CA
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

    // Only of a restore: where its folder is not there, nothing else is.
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
            // Somebody else has begun to work there.
        }
    }
}
