using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Sqlite;

/// <summary>The ledger in one SQLite file. It writes ahead to a log and flushes every commit to the disk; writers of
/// several processes take turns. A write that finds the file locked waits, then reports it. This part opens, checks and
/// copies the file; the other parts hold one theme each: certificates, additions, reservations, outbox.</summary>
public sealed partial class SqliteLedger : ICertificateLedger, IDisposable
{
    private readonly LedgerFile file;
    private readonly LedgerConnections connections;

    private SqliteLedger(LedgerFile file, SqliteConnection first)
    {
        this.file = file;
        connections = new LedgerConnections(file, first);
    }

    /// <summary>The default timeout for other processes: 30 seconds (our decision: a write takes
    /// milliseconds).</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Opens a ledger and checks it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="create">Creates the file if it is missing; its folder must be there.</param>
    /// <param name="timeout">The time to wait for other processes.</param>
    /// <param name="cancellation">Stops waiting for other processes.</param>
    /// <exception cref="LedgerUnavailableException">The file is missing, damaged, foreign, newer or locked; nothing was
    /// changed.</exception>
    public static async Task<SqliteLedger> OpenAsync(
        string path, bool create, TimeSpan timeout, CancellationToken cancellation) =>
        await OpenAsync(new LedgerFile(path, timeout), create, cancellation);

    /// <summary>Opens a ledger to read it alone: neither the file nor its folder is written to, and writing fails.</summary>
    /// <param name="path">The file.</param>
    /// <param name="timeout">The time to wait for other processes.</param>
    /// <param name="cancellation">Stops waiting for other processes.</param>
    /// <exception cref="LedgerUnavailableException">The file is missing, damaged, foreign, newer, older or locked.</exception>
    public static async Task<SqliteLedger> OpenToReadAsync(string path, TimeSpan timeout, CancellationToken cancellation) =>
        await OpenAsync(new LedgerFile(path, timeout) { ReadsOnly = true }, create: false, cancellation);

    private static async Task<SqliteLedger> OpenAsync(LedgerFile file, bool create, CancellationToken cancellation)
    {
        try
        {
            if (create)
            {
                await file.CreateAsync(cancellation);
            }

            return new SqliteLedger(file, await Task.Run(file.ConnectChecked, cancellation));
        }
        catch (SqliteException error)
        {
            throw SqliteFault.Of(file.Path, error, nothingWasStored: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SqliteFault.Of(file.Path, error, nothingWasStored: true);
        }
    }

    /// <summary>Reads the whole file and compares tables with indexes. That takes seconds for a large one.</summary>
    /// <exception cref="LedgerUnavailableException">The file is damaged or locked.</exception>
    public Task CheckAsync(CancellationToken cancellation) => connections.ReadAsync(
        connection =>
        {
            file.CheckPages(connection);
            return true;
        },
        cancellation);

    /// <summary>Writes a copy of the whole ledger, as it is at one moment, while others may write.</summary>
    /// <param name="path">The copy: an empty file.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The file is damaged or locked, or the copy cannot be
    /// written.</exception>
    public Task CopyToAsync(string path, CancellationToken cancellation) =>
        connections.ReadAsync(connection => connection.Run("VACUUM INTO @path", ("@path", path)), cancellation);

    /// <summary>Counts the rows.</summary>
    /// <exception cref="LedgerUnavailableException">The file is damaged or locked.</exception>
    public Task<long> CountAsync(CancellationToken cancellation) => connections.ReadAsync(
        connection => connection.Query("SELECT COUNT(*) FROM Certificates", row => row.GetInt64(0)).Single(), cancellation);

    /// <summary>Closes the file.</summary>
    public void Dispose() => connections.Dispose();
}
