using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Sqlite;

/// <summary>Runs reads and writes on the ledger's file. Writers of this process queue here, those of others wait in
/// SQLite; a failed connection is thrown away.</summary>
internal sealed class LedgerConnections(LedgerFile file, SqliteConnection first) : IDisposable
{
    private const int MaxIdle = 8; // our decision: more readers at once just open their own

    private readonly ConcurrentBag<SqliteConnection> idle = [first];
    private readonly SemaphoreSlim writing = new(1);
    private volatile bool disposed;

    /// <summary>Runs a read.</summary>
    /// <exception cref="LedgerUnavailableException">It failed; nothing was stored, of course.</exception>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellation) =>
        Task.Run(() => Use(read, () => true), cancellation);

    /// <summary>Runs a write in a transaction of its own. What it returns was committed, and is durable.</summary>
    /// <exception cref="LedgerUnavailableException">It failed, saying whether it may have been stored.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => Write(write), cancellation);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Closes the connections. The last one of all processes empties and removes the write-ahead log.</summary>
    public void Dispose()
    {
        disposed = true;
        CloseIdle();
        writing.Dispose();
    }

    private T Write<T>(Func<SqliteConnection, T> write)
    {
        bool committing = false;
        return Use(
            connection =>
            {
                connection.Run("BEGIN IMMEDIATE"); // take the write lock first: a late upgrade could deadlock
                T result = write(connection);
                committing = true;
                connection.Run("COMMIT");
                return result;
            },
            () => !committing);
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
            return result;
        }
        catch (Exception error)
        {
            connection?.Dispose(); // rolls back what was begun
            throw error switch
            {
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
            CloseIdle(); // disposed meanwhile: nobody else will
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
