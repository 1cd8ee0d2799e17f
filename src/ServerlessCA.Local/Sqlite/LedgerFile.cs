using System.Globalization;
using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Sqlite;

/// <summary>The database file: made as a whole or not at all, and looked over before it is used.</summary>
internal sealed class LedgerFile(string path, TimeSpan timeout)
{
    // Our decision: up to here reading every page takes some 10 ms; beyond, `health` does it.
    private const long QuickCheckBytes = 8 << 20;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Makes the ledger if there is none, durably; of several processes one does.</summary>
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
            // Built beside and then renamed: a file that is empty or half made is damaged, never "new".
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

    /// <summary>A connection, settings made.</summary>
    public SqliteConnection Connect() => Access.Exists(path) ? Connect(path) : throw Gone();

    /// <summary>A connection to a sound ledger that this program knows, brought to the present version; everything else is
    /// refused.</summary>
    /// <exception cref="LedgerUnavailableException">Foreign, newer or damaged; nothing was changed.</exception>
    /// <exception cref="SqliteException">Damaged or locked.</exception>
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
    /// <exception cref="LedgerUnavailableException">Damaged.</exception>
    public void CheckPages(SqliteConnection connection, string check = "PRAGMA integrity_check(1)")
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = check;
        if (command.ExecuteScalar() is not "ok" and var problem)
        {
            throw Refusal($"is damaged: {problem}. Restore it from a backup.");
        }
    }

    /// <summary>That the file went away, or was never there.</summary>
    public LedgerUnavailableException Gone() => Refusal("is not there. Restore it from a backup, or name another data folder.");

    /// <summary>Says what is wrong with the file; nothing was changed.</summary>
    public LedgerUnavailableException Refusal(string why) => new($"The ledger '{path}' {why}", nothingWasStored: true);

    private void Build(string temporary)
    {
        new FileStream(temporary, Access.Opening(FileMode.CreateNew, FileShare.None, Access.OwnerFile)).Dispose();
        using SqliteConnection connection = Connect(temporary);
        Execute(connection, LedgerSchema.Creation);
        // Closing does it too, but tells nobody when the disk is full: the tables would stay behind in the -wal file.
        Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private void Check(SqliteConnection connection)
    {
        // SQLite takes an empty file for a new database; ours are never made that way.
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
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = System.IO.Path.GetFullPath(file), // so that no name reads as a URI
            Mode = SqliteOpenMode.ReadWrite, // never create: see CreateAsync
            Pooling = false, // the ledger keeps its connections itself and closes them with itself
            DefaultTimeout = 1, // SQLite's own waiting, set below, sleeps shorter and is enough
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

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        // ExecuteNonQuery would pass over the faults of all that follows a statement with an answer, as some PRAGMAs have.
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
