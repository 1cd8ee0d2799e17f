using System.Globalization;
using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Local.Sqlite;

/// <summary>The ledger in one SQLite file: write-ahead log, every commit flushed to the disk, writers of several
/// processes one after the other. A write that finds the file locked waits, then reports it.</summary>
public sealed class SqliteLedger : ICertificateLedger, IDisposable
{
    private readonly LedgerFile file;
    private readonly LedgerConnections connections;
    private readonly RowPages pages;

    private SqliteLedger(LedgerFile file, SqliteConnection first)
    {
        this.file = file;
        connections = new LedgerConnections(file, first);
        pages = new RowPages(file, connections);
    }

    /// <summary>How long to wait for other processes by default: 30 seconds (our decision: a write takes milliseconds).</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Opens a ledger after looking it over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="create">Make it if it is not there; its folder must be.</param>
    /// <param name="timeout">How long to wait for other processes.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">Missing, damaged, foreign, newer or locked; nothing was changed.</exception>
    public static async Task<SqliteLedger> OpenAsync(
        string path, bool create, TimeSpan timeout, CancellationToken cancellation)
    {
        var file = new LedgerFile(path, timeout);
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
            throw SqliteFault.Of(path, error, nothingWasStored: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SqliteFault.Of(path, error, nothingWasStored: true);
        }
    }

    /// <summary>Reads the whole file and compares tables with indexes; takes seconds for a large one.</summary>
    /// <exception cref="LedgerUnavailableException">Damaged or locked.</exception>
    public Task CheckAsync(CancellationToken cancellation) => connections.ReadAsync(
        connection =>
        {
            file.CheckPages(connection);
            return true;
        },
        cancellation);

    /// <summary>Writes a copy of the whole ledger, as it is at one moment, while others may write.</summary>
    /// <param name="path">An empty file.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">Damaged or locked, or the copy cannot be written.</exception>
    public Task CopyToAsync(string path, CancellationToken cancellation) =>
        connections.ReadAsync(connection => connection.Run("VACUUM INTO @path", ("@path", path)), cancellation);

    /// <summary>How many rows there are.</summary>
    /// <exception cref="LedgerUnavailableException">Damaged or locked.</exception>
    public Task<long> CountAsync(CancellationToken cancellation) => connections.ReadAsync(
        connection => connection.Query("SELECT COUNT(*) FROM Certificates", row => row.GetInt64(0)).Single(), cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
        await connections.ReadAsync(connection => CertificateRows.FindByName(file, connection, commonName), cancellation);

    /// <inheritdoc/>
    public Task<CertificateRecord?> FindAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation) =>
        connections.ReadAsync(connection => CertificateRows.Find(file, connection, new RowId(commonName, serialNumber)), cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialNumber serialNumber, CancellationToken cancellation) =>
        await connections.ReadAsync(connection => CertificateRows.FindBySerial(file, connection, serialNumber), cancellation);

    /// <inheritdoc/>
    public Task<KeyReservation?> FindKeyAsync(ReservedKey key, CancellationToken cancellation) =>
        connections.ReadAsync(connection => KeyReservations.Find(file, connection, key), cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<RowId> ListReservedAsync(CancellationToken cancellation) =>
        KeyReservations.ListAsync(file, connections, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<CertificateRecord> ListAsync(CancellationToken cancellation) =>
        pages.ReadAsync("TRUE", "Number", [], cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<CertificateRecord> ListRevokedAsync(CancellationToken cancellation) =>
        pages.ReadAsync("Revoked IS NOT NULL", "Revoked", [], cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<CertificateRecord> ListExpiringAsync(
        DateOnly first, DateOnly last, CancellationToken cancellation) => pages.ReadAsync(
            "NotifyExpiry = 1 AND CRLNumber IS NULL AND Expires >= @first AND Expires <= @last",
            "Expires",
            [("@first", $"{DayText(first)} 00:00:00"), ("@last", $"{DayText(last)} 23:59:59")],
            cancellation);

    /// <inheritdoc/>
    public Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation) =>
        connections.WriteAsync(connection => Addition.Store(file, connection, addition), cancellation);

    /// <inheritdoc/>
    public Task<RecalledIssue?> RecallAsync(string token, DateTimeOffset now, CancellationToken cancellation) =>
        connections.ReadAsync(connection => Reservations.Recall(file, connection, token, now), cancellation);

    /// <inheritdoc/>
    public Task<bool> HappenedAsync(string onceId, CancellationToken cancellation) =>
        connections.ReadAsync(connection => Reservations.Exists(connection, Reservations.OnceId(onceId)), cancellation);

    /// <inheritdoc/>
    public Task<DateTimeOffset?> FindMarkAsync(string name, CancellationToken cancellation) =>
        connections.ReadAsync(connection => Marks.Find(file, connection, name), cancellation);

    /// <inheritdoc/>
    public Task SetMarkAsync(string name, DateTimeOffset at, CancellationToken cancellation) =>
        connections.WriteAsync(connection => Marks.Set(connection, name, at), cancellation);

    /// <inheritdoc/>
    public Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? notification, CancellationToken cancellation) =>
        connections.WriteAsync(connection => CertificateRows.Revoke(file, connection, row, revocation, key, notification), cancellation);

    /// <inheritdoc/>
    public Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification notification, CancellationToken cancellation) =>
        connections.WriteAsync(connection => CertificateRows.AddReminder(file, connection, row, at, expectedCount, notification), cancellation);

    /// <inheritdoc/>
    public Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation) =>
        connections.WriteAsync(connection => CertificateRows.NextCrlNumber(file, connection, ca, atLeast), cancellation);

    /// <inheritdoc/>
    public Task<bool> AddToOutboxAsync(Notification notification, bool onceOnly, CancellationToken cancellation) =>
        connections.WriteAsync(connection => OutboxTable.Keep(connection, notification, onceOnly), cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Notification>> ReadOutboxAsync(int limit, CancellationToken cancellation) =>
        await connections.ReadAsync(connection => OutboxTable.Pending(connection, limit), cancellation);

    /// <inheritdoc/>
    public Task RemoveFromOutboxAsync(string notificationId, CancellationToken cancellation) =>
        connections.WriteAsync(connection => OutboxTable.Drop(connection, notificationId), cancellation);

    /// <summary>Closes the file.</summary>
    public void Dispose() => connections.Dispose();

    private static string DayText(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
