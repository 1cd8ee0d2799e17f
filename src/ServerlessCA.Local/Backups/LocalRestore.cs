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
