using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Sqlite;

/// <summary>Runs reads and writes on the ledger's file. Writers of this process queue here, those of other processes
/// wait in SQLite. All writes that wait while one is flushed to the disk form a group: one transaction, one flush. Each is answered after
/// its commit. A failed connection is thrown away.</summary>
internal sealed class LedgerConnections(LedgerFile file, SqliteConnection first) : IDisposable
{
    private const int MaxIdle = 8; // our decision: more readers at once open further ones
    private const int MaxGroup = 64; // our decision: the first of a group waits for the last

    private readonly ConcurrentBag<SqliteConnection> idle = [first];
    private readonly ConcurrentQueue<WaitingWrite> waiting = new();
    private int isWriting; // 1 while a thread commits groups
    private volatile bool disposed;

    /// <summary>Runs a read that may take long, beside the caller.</summary>
    /// <exception cref="LedgerUnavailableException">The read failed; nothing was stored.</exception>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellation) =>
        Task.Run(() => Use(read, () => true), cancellation);

    /// <summary>Finds a few rows by an index. It ends before it returns: handing it to another thread would take longer than the
    /// search.</summary>
    /// <exception cref="LedgerUnavailableException">The read failed; nothing was stored.</exception>
    public Task<T> FindAsync<T>(Func<SqliteConnection, T> find, CancellationToken cancellation) =>
        AtOnce.Run(() => Use(find, () => true), cancellation);

    /// <summary>Runs a write, alone or with others in one transaction. When it returns, the write is committed and
    /// durable. A write that fails does not fail its group.</summary>
    /// <param name="write">Changes nothing but the ledger: it is run again if its group fails.</param>
    /// <param name="cancellation">Stops waiting, unless the write has begun.</param>
    /// <exception cref="LedgerUnavailableException">The write failed. The exception says whether it may have been
    /// stored.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellation)
    {
        var own = new WaitingWrite<T>(write);
        await using CancellationTokenRegistration ending = cancellation.UnsafeRegister(
            static (state, token) => ((WaitingWrite<T>)state!).Cancel(token), own);
        waiting.Enqueue(own);
        if (Interlocked.Exchange(ref isWriting, 1) == 0)
        {
            _ = Task.Run(CommitGroups, CancellationToken.None);
        }

        return await own.Done;
    }

    /// <summary>Closes the connections. The last connection of all processes empties and removes the write-ahead
    /// log.</summary>
    public void Dispose()
    {
        disposed = true;
        CloseIdle();
    }

    private void CommitGroups()
    {
        do
        {
            while (NextGroup() is { Count: > 0 } group)
            {
                Commit(group);
            }

            Volatile.Write(ref isWriting, 0);
        }
        while (!waiting.IsEmpty && Interlocked.Exchange(ref isWriting, 1) == 0); // one may have come before the flag fell
    }

    private List<WaitingWrite> NextGroup()
    {
        var group = new List<WaitingWrite>();
        while (group.Count < MaxGroup && waiting.TryDequeue(out WaitingWrite? next))
        {
            if (next.TryTake())
            {
                group.Add(next);
            }
        }

        return group;
    }

    private void Commit(List<WaitingWrite> group)
    {
        bool begun = false, committing = false;
        try
        {
            Use(
                connection =>
                {
                    connection.Run("BEGIN IMMEDIATE"); // takes the write lock first: a late upgrade could deadlock
                    begun = true;
                    group.ForEach(write => write.Run(connection));
                    committing = true;
                    connection.Run("COMMIT");
                    return true;
                },
                () => !committing);
        }
        catch (Exception) when (begun && !committing && group.Count > 1)
        {
            group.ForEach(write => Commit([write])); // nothing was stored: each alone, so that one failure does not spread
            return;
        }
#pragma warning disable CA1031 // it is thrown where the write was asked for
        catch (Exception error)
#pragma warning restore CA1031
        {
            group.ForEach(write => write.Fail(error));
            return;
        }

        group.ForEach(write => write.Finish());
    }

    private T Use<T>(Func<SqliteConnection, T> work, Func<bool> nothingWasStored)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        SqliteConnection? connection = null;
        try
        {
            connection = Take();
            T result = work(connection);
            GiveBack(connection);
            return file.WasChanged ? throw file.ChangedMeanwhile() : result;
        }
        catch (Exception error)
        {
            connection?.Dispose(); // rolls back the transaction
            throw error switch
            {
                SqliteException when file.WasChanged => file.ChangedMeanwhile(),
                SqliteException fault => SqliteFault.Of(file.Path, fault, nothingWasStored()),
                IOException or UnauthorizedAccessException => SqliteFault.Of(file.Path, error, nothingWasStored()),
                _ => error,
            };
        }
    }

    // A file that was moved away would still take writes, and nobody would ever see them.
    private SqliteConnection Take() =>
        Access.Exists(file.Path) && idle.TryTake(out SqliteConnection? connection) ? connection : file.Connect();

    private void GiveBack(SqliteConnection connection)
    {
        if (idle.Count >= MaxIdle)
        {
            connection.Dispose();
            return;
        }

        idle.Add(connection);
        if (disposed)
        {
            CloseIdle(); // disposed meanwhile: nothing else would close it
        }
    }

    private void CloseIdle()
    {
        while (idle.TryTake(out SqliteConnection? connection))
        {
            connection.Dispose();
        }
    }
}

/// <summary>Translates SQLite's errors for the operator (https://sqlite.org/rescode.html).</summary>
internal static class SqliteFault
{
    private const int Permission = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>Makes the port's exception, which names the file and says what to do.</summary>
    public static LedgerUnavailableException Of(string path, SqliteException error, bool nothingWasStored) => new(
        $"The ledger '{path}' {Advice(path, error)} ({error.Message})", error, nothingWasStored);

    /// <summary>Does the same for what the file system reports.</summary>
    public static LedgerUnavailableException Of(string path, Exception error, bool nothingWasStored) => new(
        $"The ledger '{path}' cannot be opened: {error.Message.TrimEnd('.')}. Check the folder and who may write there.", error, nothingWasStored);

    private static string Advice(string path, SqliteException error) => error.SqliteErrorCode switch
    {
        Busy or Locked => "is locked by another process. Try again, or end the process that holds it.",
        Corrupt or NotADatabase =>
            $"is damaged. Stop everything that uses it and restore '{path}' from a backup, without its -wal and -shm files.",
        ReadOnly or Permission or CannotOpen =>
            "cannot be opened for writing. Check owner and mode of the file and its folder, and that the disk is not mounted read-only.",
        Full => "cannot grow: the disk is full. Make room and try again.",
        InputOutput => "cannot be read or written: the disk is full or fails. Make room, check it, and try again.",
        _ => "could not be used. Check the disk, then try again.",
    };
}
