using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Local.Sqlite;

// Certificates: finds and lists rows, and changes single ones.
public sealed partial class SqliteLedger
{
    private const string OneRow = "CommonName = @name AND SerialNumber = @serial";
    private const int PageRows = 500; // our decision: about 1 MB of rows

    private static readonly RowForm<CertificateRecord> OfRows = new(LedgerRow.Columns, LedgerRow.ColumnCount, LedgerRow.Read);
    private static readonly RowForm<CertificateLine> OfLines = new(LedgerRow.LineColumns, LedgerRow.LineColumnCount, LedgerRow.ReadLine);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
        await connections.FindAsync(connection => FindByName(file, connection, commonName), cancellation);

    /// <inheritdoc/>
    public Task<CertificateRecord?> FindAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation) =>
        connections.FindAsync(connection => FindRow(file, connection, new RowId(commonName, serialNumber)), cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialNumber serialNumber, CancellationToken cancellation) =>
        await connections.FindAsync(connection => FindBySerial(file, connection, serialNumber), cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<CertificateRecord> ListAsync(CancellationToken cancellation) =>
        ReadPagesAsync(OfRows, "TRUE", "Number", [], cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<CertificateRecord> ListRevokedAsync(CancellationToken cancellation) =>
        ReadPagesAsync(OfRows, "Revoked IS NOT NULL", "Revoked", [], cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<CertificateRecord> ListExpiringAsync(
        DateOnly first, DateOnly last, CancellationToken cancellation) => ReadPagesAsync(
            OfRows,
            "NotifyExpiry = 1 AND CRLNumber IS NULL AND Expires >= @first AND Expires <= @last",
            "Expires",
            [("@first", LedgerRow.FirstSecond(first)), ("@last", LedgerRow.LastSecond(last))],
            cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<CertificateLine> ListByExpiryAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) =>
        ReadPagesAsync(
            OfLines,
            "Expires >= @from AND Expires <= @until",
            "Expires",
            [("@from", TableTime.Text(from)), ("@until", TableTime.Text(until))],
            cancellation);

    /// <summary><inheritdoc/> The file's index has every row.</summary>
    public Task<bool> HasAllExpiriesAsync(CancellationToken cancellation) => Task.FromResult(true);

    /// <inheritdoc/>
    public Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? notification, HistoryEntry? history, CancellationToken cancellation) =>
        connections.WriteAsync(connection => Revoke(file, connection, row, revocation, key, notification, history), cancellation);

    /// <inheritdoc/>
    public Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification notification, HistoryEntry? history, CancellationToken cancellation) =>
        connections.WriteAsync(connection => AddReminder(file, connection, row, at, expectedCount, notification, history), cancellation);

    /// <inheritdoc/>
    public Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation) =>
        connections.WriteAsync(connection => NextCrlNumber(file, connection, ca, atLeast), cancellation);

    private static List<CertificateRecord> FindByName(LedgerFile file, SqliteConnection connection, string name) =>
        connection.Query(
            $"SELECT {LedgerRow.Columns} FROM Certificates WHERE CommonName = @name", row => LedgerRow.Read(file, row),
            ("@name", name));

    private static List<CertificateRecord> FindBySerial(LedgerFile file, SqliteConnection connection, SerialNumber serial) =>
        connection.Query(
            $"SELECT {LedgerRow.Columns} FROM Certificates WHERE SerialNumber = @serial", row => LedgerRow.Read(file, row),
            ("@serial", serial.ToString()));

    private static bool HasName(SqliteConnection connection, string name) =>
        connection.Any("SELECT 1 FROM Certificates WHERE CommonName = @name LIMIT 1", ("@name", name));

    internal static CertificateRecord? FindRow(LedgerFile file, SqliteConnection connection, RowId id) => connection.Query(
        $"SELECT {LedgerRow.Columns} FROM Certificates WHERE {OneRow}", row => LedgerRow.Read(file, row),
        ("@name", id.CommonName), ("@serial", id.SerialNumber.ToString())).SingleOrDefault();

    private static RevokeOutcome Revoke(
        LedgerFile file, SqliteConnection connection, RowId id, CertificateRevocation revocation, ReservedKey? key, Notification? notification,
        HistoryEntry? history)
    {
        if (FindRow(file, connection, id) is not { } record)
        {
            return RevokeOutcome.NotFound;
        }

        var mark = RevocationMark.Of(record, revocation);
        if (mark.ChangesRow)
        {
            connection.Run(
                $"UPDATE Certificates SET Revoked = @at, RevocationReason = @reason WHERE {OneRow}",
                ("@name", id.CommonName), ("@serial", id.SerialNumber.ToString()),
                ("@at", TableTime.Text(mark.Now.At)), ("@reason", LedgerRow.ReasonText(mark.Now.Reason)));
            AddHistory(connection, history);
        }

        if (key is { } known)
        {
            MarkKeyRevoked(file, connection, known, id, mark.Now.Reason);
        }

        if (mark.StoresEvent && notification is not null)
        {
            AddToOutbox(connection, notification, onceOnly: false);
        }

        return mark.Outcome;
    }

    private static bool AddReminder(
        LedgerFile file, SqliteConnection connection, RowId id, DateTimeOffset at, int expectedCount, Notification notification, HistoryEntry? history)
    {
        if (FindRow(file, connection, id)?.WithReminder(at, expectedCount) is not { } reminded)
        {
            return false;
        }

        connection.Run(
            $"UPDATE Certificates SET ExpiryReminders = @reminders WHERE {OneRow}",
            ("@name", id.CommonName), ("@serial", id.SerialNumber.ToString()),
            ("@reminders", LedgerRow.TimesText(reminded.ExpiryReminders)));
        AddHistory(connection, history);
        AddToOutbox(connection, notification, onceOnly: false);
        return true;
    }

    /// <exception cref="InvalidOperationException">There is no such CA row.</exception>
    private static long NextCrlNumber(LedgerFile file, SqliteConnection connection, RowId ca, long atLeast)
    {
        long next = FindRow(file, connection, ca)?.WithNextCrl(atLeast)?.CrlNumber
            ?? throw new InvalidOperationException($"The ledger '{file.Path}' has no CA '{ca.CommonName}' with serial number {ca.SerialNumber}.");
        connection.Run(
            $"UPDATE Certificates SET CRLNumber = @next WHERE {OneRow}",
            ("@name", ca.CommonName), ("@serial", ca.SerialNumber.ToString()), ("@next", next));
        return next;
    }

    // Streams the rows that meet a condition, in the order of a column. The condition must be that of the column's
    // index, so that other rows are not read. Each page is a read of its own: a slow reader holds no snapshot open, so
    // that the write-ahead log can be emptied meanwhile.
    private async IAsyncEnumerable<T> ReadPagesAsync<T>(
        RowForm<T> form, string condition, string column, (string Name, object? Value)[] values,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        string first = $"SELECT {form.Columns}, {column}, Number FROM {form.Table} WHERE {condition} "
            + $"ORDER BY {column}, Number LIMIT {PageRows}";
        string next = first.Replace("ORDER BY", $"AND ({column}, Number) > (@column, @number) ORDER BY", StringComparison.Ordinal);
        (T Row, object Column, long Number)? last = null;
        List<(T Row, object Column, long Number)> page;
        do
        {
            page = await connections.ReadAsync(
                connection => connection.Query(
                    last is null ? first : next,
                    row => (form.Read(file, row), row.GetValue(form.Count), row.GetInt64(form.Count + 1)),
                    [.. values, ("@column", last?.Column), ("@number", last?.Number)]),
                cancellation);
            foreach ((T Row, object Column, long Number) row in page)
            {
                yield return row.Row;
                last = row;
            }
        }
        while (page.Count == PageRows);
    }

    // What is read of each row.
    private sealed record RowForm<T>(string Columns, int Count, Func<LedgerFile, SqliteDataReader, T> Read)
    {
        public string Table { get; init; } = "Certificates";
    }
}
