using System.Globalization;
using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Sqlite;

/// <summary>The database file, which is created as a whole or not at all, and checked before it is used.</summary>
internal sealed class LedgerFile(string path, TimeSpan timeout)
{
    // Our decision: up to here reading every page takes some 10 ms; larger files are checked by `health`.
    private const long QuickCheckBytes = 8 << 20;

    private (long Length, DateTime Written)? seen; // when nobody was writing, and it was opened without locks

    /// <summary>The path of the file.</summary>
    public string Path => path;

    /// <summary>Whether it is only read: nothing is written into its folder either, and an older version is refused.</summary>
    public bool ReadsOnly { get; init; }

    /// <summary>Whether somebody wrote into the file while it was read without locks: what was read may be of two moments.</summary>
    public bool WasChanged => seen is { } before && State() != before;

    /// <summary>Creates the ledger if there is none, durably. Of several processes one does it.</summary>
    public async Task CreateAsync(CancellationToken cancellation)
    {
        if (Access.Exists(path))
        {
            return;
        }

        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        using FolderLock turn = await FolderLock.TakeAsync(folder, timeout, cancellation);
        if (!Access.Exists(path))
        {
            // It is built beside and then renamed: a file that is empty or half made is damaged, never "new".
            string temporary = AtomicFile.TemporaryBeside(System.IO.Path.GetFullPath(path));
            try
            {
                Build(temporary);
                File.Move(temporary, path, overwrite: false);
            }
            catch
            {
                ((string[])[temporary, $"{temporary}-wal", $"{temporary}-shm"]).ToList().ForEach(File.Delete);
                throw;
            }

            DurableFolder.Flush(folder);
        }
    }

    /// <summary>Opens a connection and configures it.</summary>
    public SqliteConnection Connect() => Access.Exists(path) ? Connect(path) : throw Gone();

    /// <summary>Opens a connection to a sound ledger that this program knows, and upgrades it to the present version.
    /// Everything else is refused.</summary>
    /// <exception cref="LedgerUnavailableException">The file is foreign, newer or damaged; nothing was
    /// changed.</exception>
    /// <exception cref="SqliteException">The file is damaged or locked.</exception>
    public SqliteConnection ConnectChecked()
    {
        SqliteConnection connection = Connect();
        try
        {
            Check(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Reads every page and index.</summary>
    /// <exception cref="LedgerUnavailableException">The file is damaged.</exception>
    public void CheckPages(SqliteConnection connection, string check = "PRAGMA integrity_check(1)")
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = check;
        if (command.ExecuteScalar() is not "ok" and var problem)
        {
            throw Refusal($"is damaged: {problem}. Restore it from a backup.");
        }
    }

    /// <summary>Makes the exception for a file that went away, or was never there.</summary>
    public LedgerUnavailableException Gone() => Refusal("is not there. Restore it from a backup, or name another data folder.");

    /// <summary>Makes the exception for a file that was written while it was read without locks.</summary>
    public LedgerUnavailableException ChangedMeanwhile() => Refusal("was changed by another process while it was read. Try again.");

    /// <summary>Makes an exception that says what is wrong with the file; nothing was changed.</summary>
    public LedgerUnavailableException Refusal(string why) => new($"The ledger '{path}' {why}", nothingWasStored: true);

    private void Build(string temporary)
    {
        new FileStream(temporary, Access.Opening(FileMode.CreateNew, FileShare.None, Access.OwnerFile)).Dispose();
        using SqliteConnection connection = Connect(temporary);
        Execute(connection, LedgerSchema.Creation);
        // Closing does it too, but does not report a full disk: the tables would stay behind in the -wal file.
        Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private void Check(SqliteConnection connection)
    {
        // SQLite takes an empty file for a new database; ours are never created that way.
        if (new FileInfo(path).Length == 0)
        {
            throw Refusal("is damaged: it is empty. Restore it from a backup.");
        }

        long application = Number(connection, "PRAGMA application_id");
        long version = Number(connection, "PRAGMA user_version");
        if (application != LedgerSchema.ApplicationId)
        {
            throw Refusal("belongs to another program. Name another data folder, or restore the ledger from a backup.");
        }

        if (version is < LedgerUpgrade.OldestVersion or > LedgerSchema.Version)
        {
            throw Refusal(
                $"has version {version} of the tables; this program knows version {LedgerSchema.Version}. Update serverless-ca.");
        }

        if (version < LedgerSchema.Version && ReadsOnly)
        {
            throw Refusal(
                $"has version {version} of the tables, and this program reads version {LedgerSchema.Version}. Upgrade it, as every command does that may write there: serverless-ca list.");
        }

        if (new FileInfo(path).Length <= QuickCheckBytes)
        {
            CheckPages(connection, "PRAGMA quick_check(1)");
        }

        if (version < LedgerSchema.Version)
        {
            LedgerUpgrade.Run(this, connection);
        }
    }

    private SqliteConnection Connect(string file)
    {
        var connection = new LedgerConnection(new SqliteConnectionStringBuilder
        {
            DataSource = SourceOf(System.IO.Path.GetFullPath(file)), // so that no name is read as a URI
            Mode = ReadsOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite, // never creates: see CreateAsync
            Pooling = false, // LedgerConnections reuses connections, and closes them with the ledger
            DefaultTimeout = 1, // SQLite's own busy timeout, set below, sleeps shorter and is enough
        }.ToString());
        try
        {
            connection.Open();
            string wait = ((int)timeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            Execute(connection, $"PRAGMA busy_timeout = {wait}; {LedgerSchema.ConnectionSettings}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // Even a reader makes the files of the write-ahead log, and needs a folder to make them in. Where there is no log the file holds
    // everything, and SQLite reads it without them (https://sqlite.org/wal.html#read_only_databases).
    private string SourceOf(string file)
    {
        var log = new FileInfo($"{file}-wal");
        if (!ReadsOnly || (log.Exists && log.Length > 0))
        {
            return file;
        }

        seen ??= State();
        return $"{new Uri(file).AbsoluteUri.Replace("?", "%3F", StringComparison.Ordinal)}?immutable=1";
    }

    private (long Length, DateTime Written) State() => new FileInfo(path) is var file ? (file.Length, file.LastWriteTimeUtc) : default;

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        // ExecuteNonQuery would ignore the faults of all statements after one that returns rows, as some PRAGMAs do.
        using SqliteDataReader answers = command.ExecuteReader();
        while (answers.NextResult())
        {
        }
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
