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
    /// <param name="data">The folder, which must be empty or not there.</param>
    /// <param name="cancellation">Stops it; nothing stays behind.</param>
    /// <exception cref="BackupUnusableException">There is no such file, it is no whole backup, the passphrase is another, or
    /// there is something in the folder.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger in it is damaged, or of a newer program.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static async Task<BackupFacts> RunAsync(string path, string? passphrase, DataFolder data, CancellationToken cancellation)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(data.Path));
        ExpectEmpty(target, data.Path);
        string parent = Path.GetDirectoryName(target) ?? throw new BackupUnusableException($"'{data.Path}' cannot be a CA's folder. Name another one.");
        DurableFolder.Create(parent, Access.WorldFolder);
        string temporary = Path.Combine(parent, $".{Path.GetRandomFileName()}.tmp");
        DurableFolder.Create(temporary, Access.OwnerFolder);
        try
        {
            BackupFacts facts;
            using (FileStream file = Open(path))
            {
                facts = await Task.Run(() => BackupReader.Read(file, passphrase, temporary, cancellation), cancellation);
            }

            var restored = new DataFolder(temporary);
            ExpectWhole(restored);
            using (SqliteLedger ledger = await SqliteLedger.OpenAsync(restored.LedgerFile, create: false, SqliteLedger.DefaultPatience, cancellation))
            {
                await ledger.CheckAsync(cancellation);
            }

            if (Directory.Exists(target))
            {
                Directory.Delete(target); // empty, or it throws
            }

            Directory.Move(temporary, target);
            DurableFolder.Flush(parent);
            return facts;
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private static void ExpectEmpty(string target, string asGiven)
    {
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new BackupUnusableException($"'{asGiven}' is not empty, and restoring replaces nothing. Move it away, or name another folder: --ca local:FOLDER.");
        }
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
