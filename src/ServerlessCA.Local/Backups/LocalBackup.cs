using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;
using ServerlessCA.Local.Files;
using ServerlessCA.Local.Sqlite;

namespace ServerlessCA.Local.Backups;

/// <summary>Backs up a local CA: settings, ledger, keys, <c>internal</c> and <c>external</c>, in one file, while others
/// work with it. The file may show any state that a killed process could have left; the CA copes with all of them. For
/// this, published files are read before the ledger, and the ledger before the keys.</summary>
public static class LocalBackup
{
    private const int MaxFileOctets = 1 << 30; // our decision: a CRL of twenty million entries

    // Hidden files are listed, so that they can be reported; links to folders are not entered.
    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = FileAttributes.None, RecurseSubdirectories = false, ReturnSpecialDirectories = false, IgnoreInaccessible = false,
    };

    /// <summary>Writes a backup, and reads it again before it gets its name.</summary>
    /// <param name="data">The CA's folder.</param>
    /// <param name="path">The backup's file. No file may have this name yet.</param>
    /// <param name="passphrase">Encrypts the backup; null: everybody who can read the file has the keys.</param>
    /// <param name="clock">Dates the backup.</param>
    /// <param name="cancellation">Stops the backup; nothing stays behind.</param>
    /// <exception cref="BackupUnusableException">There is a file of this name, or what was written cannot be
    /// read.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger is missing, damaged or locked.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, as access is denied.</exception>
    public static async Task<WrittenBackup> WriteAsync(
        DataFolder data, string path, string? passphrase, TimeProvider clock, CancellationToken cancellation)
    {
        string full = Path.GetFullPath(path);
        if (Access.Exists(full))
        {
            throw new BackupUnusableException("there is such a file already, and a backup replaces nothing. Choose another name.");
        }

        CaNames names = data.ReadSettings().Ca.Names;
        DateTimeOffset created = clock.GetUtcNow();
        string temporary = AtomicFile.TemporaryBeside(full);
        string snapshot = AtomicFile.TemporaryBeside(full);
        try
        {
            using var file = new FileStream(temporary, Access.Opening(FileMode.CreateNew, FileShare.None, Access.OwnerFile));
            var omitted = new List<string>();
            using (var writer = new BackupWriter(file, passphrase, created))
            {
                await AddFolderAsync(writer, data.External, BackupLayout.External, omitted, cancellation);
                await AddFolderAsync(writer, data.Internal, BackupLayout.Internal, omitted, cancellation);
                BackupFacts facts = await AddLedgerAsync(writer, data, snapshot, names, created, cancellation);
                await AddFolderAsync(writer, data.Keys, BackupLayout.Keys, omitted, cancellation);
                writer.Add(BackupLayout.Settings, await File.ReadAllBytesAsync(data.SettingsFile, cancellation));
                writer.Add(BackupLayout.Facts, facts.Write());
                writer.Finish();
            }

            file.Flush(flushToDisk: true);
            file.Position = 0;
            BackupFacts read = await Task.Run(() => BackupReader.Read(file, passphrase, folder: null, cancellation), cancellation);
            file.Dispose();
            File.Move(temporary, full, overwrite: false);
            DurableFolder.Flush(Path.GetDirectoryName(full)!);
            return new WrittenBackup(read, omitted);
        }
        finally
        {
            ((string[])[temporary, snapshot, $"{snapshot}-wal", $"{snapshot}-shm", $"{snapshot}-journal"]).ToList().ForEach(File.Delete);
        }
    }

    private static async Task<BackupFacts> AddLedgerAsync(
        BackupWriter writer, DataFolder data, string snapshot, CaNames names, DateTimeOffset created, CancellationToken cancellation)
    {
        using (SqliteLedger ledger = await SqliteLedger.OpenAsync(data.LedgerFile, create: false, SqliteLedger.DefaultTimeout, cancellation))
        {
            // SQLite takes an empty file for a new database, and leaves its mode alone.
            new FileStream(snapshot, Access.Opening(FileMode.CreateNew, FileShare.None, Access.OwnerFile)).Dispose();
            await ledger.CopyToAsync(snapshot, cancellation);
        }

        using (var file = new FileStream(snapshot, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            writer.Add(BackupLayout.Ledger, file);
        }

        // The facts are read from the copy: the ledger itself may change meanwhile.
        using SqliteLedger copy = await SqliteLedger.OpenAsync(snapshot, create: false, SqliteLedger.DefaultTimeout, cancellation);
        await copy.CheckAsync(cancellation);
        var authorities = new List<BackupAuthority>();
        foreach (string name in (string[])[names.RootCa, names.IssuingCa])
        {
            IReadOnlyList<CertificateRecord> rows = [.. (await copy.FindByNameAsync(name, cancellation)).Where(row => row.IsCa)];
            if (rows.Count > 0)
            {
                authorities.Add(new BackupAuthority(name, rows.Max(row => row.CrlNumber ?? 0)));
            }
        }

        return new BackupFacts(created, await copy.CountAsync(cancellation), authorities);
    }

    private static async Task AddFolderAsync(
        BackupWriter writer, string folder, string name, List<string> omitted, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (FileSystemInfo found in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Everything).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            string inside = $"{name}/{found.Name}";
            bool isFolder = found is DirectoryInfo && found.LinkTarget is null;
            if (IsOurs(found.Name))
            {
                continue; // locks, and files that are being written, are no part of the CA
            }

            if (isFolder && StoreKey.IsSafe(found.Name))
            {
                await AddFolderAsync(writer, found.FullName, inside, omitted, cancellation);
            }
            else if (!isFolder && BackupLayout.Allows(inside) && await ReadAsync(found.FullName) is { } content)
            {
                writer.Add(inside, content);
            }
            else
            {
                omitted.Add(inside);
            }
        }
    }

    private static bool IsOurs(string name) => name == FolderLock.FileName || (name.StartsWith('.') && name.Contains(".tmp", StringComparison.Ordinal));

    private static Task<byte[]?> ReadAsync(string path) => Task.Run(() =>
    {
        try
        {
            return RegularFile.ReadAllBytes(path, MaxFileOctets);
        }
        catch (Exception error) when (error is NotRegularException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // a pipe, a folder behind a link, a link to nowhere, or gone just now
        }
    });
}

/// <summary>Describes a backup that was written. Immutable.</summary>
/// <param name="Facts">What <c>backup.json</c> says.</param>
/// <param name="Omitted">Files of the folders that are not in the backup: they are not regular, or no store has such
/// names.</param>
public sealed record WrittenBackup(BackupFacts Facts, IReadOnlyList<string> Omitted);
