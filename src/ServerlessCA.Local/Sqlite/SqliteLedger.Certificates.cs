using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Local.Sqlite;

/// <summary>The table of certificates.</summary>
internal static class CertificateRows
{
    private const string This = "CommonName = @name AND SerialNumber = @serial";

    public static List<CertificateRecord> FindByName(LedgerFile file, SqliteConnection connection, string name) =>
        connection.Query(
            $"SELECT {LedgerRow.Columns} FROM Certificates WHERE CommonName = @name", row => LedgerRow.Read(file, row),
            ("@name", name));

    public static List<CertificateRecord> FindBySerial(LedgerFile file, SqliteConnection connection, SerialNumber serial) =>
        connection.Query(
            $"SELECT {LedgerRow.Columns} FROM Certificates WHERE SerialNumber = @serial", row => LedgerRow.Read(file, row),
            ("@serial", serial.ToString()));

    public static bool HasName(SqliteConnection connection, string name) =>
        connection.Any("SELECT 1 FROM Certificates WHERE CommonName = @name LIMIT 1", ("@name", name));

    public static CertificateRecord? Find(LedgerFile file, SqliteConnection connection, RowId id) => connection.Query(
        $"SELECT {LedgerRow.Columns} FROM Certificates WHERE {This}", row => LedgerRow.Read(file, row),
        ("@name", id.CommonName), ("@serial", id.SerialNumber.ToString())).SingleOrDefault();

    public static RevokeOutcome Revoke(
        LedgerFile file, SqliteConnection connection, RowId id, CertificateRevocation revocation, ReservedKey? key, Notification? notification)
    {
        if (Find(file, connection, id) is not { } record)
        {
            return RevokeOutcome.NotFound;
        }

        var mark = RevocationMark.Of(record, revocation);
        if (mark.ChangesRow)
        {
            connection.Run(
                $"UPDATE Certificates SET Revoked = @at, RevocationReason = @reason WHERE {This}",
                ("@name", id.CommonName), ("@serial", id.SerialNumber.ToString()),
                ("@at", TableTime.Text(mark.Now.At)), ("@reason", LedgerRow.ReasonText(mark.Now.Reason)));
        }

        if (key is { } known)
        {
            KeyReservations.Mark(file, connection, known, id, mark.Now.Reason);
        }

        if (mark.KeepsEvent && notification is not null)
        {
            OutboxTable.Keep(connection, notification, onceOnly: false);
        }

        return mark.Outcome;
    }

    public static bool AddReminder(
        LedgerFile file, SqliteConnection connection, RowId id, DateTimeOffset at, int expectedCount, Notification notification)
    {
        if (Find(file, connection, id)?.WithReminder(at, expectedCount) is not { } reminded)
        {
            return false;
        }

        connection.Run(
            $"UPDATE Certificates SET ExpiryReminders = @reminders WHERE {This}",
            ("@name", id.CommonName), ("@serial", id.SerialNumber.ToString()),
            ("@reminders", LedgerRow.TimesText(reminded.ExpiryReminders)));
        OutboxTable.Keep(connection, notification, onceOnly: false);
        return true;
    }

    /// <exception cref="InvalidOperationException">No such CA row.</exception>
    public static long NextCrlNumber(LedgerFile file, SqliteConnection connection, RowId ca, long atLeast)
    {
        long next = Find(file, connection, ca)?.WithNextCrl(atLeast)?.CrlNumber
            ?? throw new InvalidOperationException($"The ledger '{file.Path}' has no CA '{ca.CommonName}' with serial number {ca.SerialNumber}.");
        connection.Run(
            $"UPDATE Certificates SET CRLNumber = @next WHERE {This}",
            ("@name", ca.CommonName), ("@serial", ca.SerialNumber.ToString()), ("@next", next));
        return next;
    }
}

/// <summary>Streams rows page by page, each page a read of its own: a slow reader keeps no snapshot open, so that the
/// write-ahead log can be emptied meanwhile.</summary>
internal sealed class RowPages(LedgerFile file, LedgerConnections connections)
{
    private const int PageRows = 500; // our decision: about 1 MB of rows

    /// <summary>Rows that meet a condition, in the order of a column.</summary>
    /// <param name="condition">Of the column's index, so that other rows are not read.</param>
    /// <param name="column">The index's column, or <c>Number</c>.</param>
    /// <param name="values">Parameters of the condition.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async IAsyncEnumerable<CertificateRecord> ReadAsync(
        string condition, string column, (string Name, object? Value)[] values,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        string first = $"SELECT {LedgerRow.Columns}, {column}, Number FROM Certificates WHERE {condition} "
            + $"ORDER BY {column}, Number LIMIT {PageRows}";
        string next = first.Replace("ORDER BY", $"AND ({column}, Number) > (@column, @number) ORDER BY", StringComparison.Ordinal);
        (CertificateRecord Record, object Column, long Number) last = default;
        List<(CertificateRecord Record, object Column, long Number)> page;
        do
        {
            page = await connections.ReadAsync(
                connection => connection.Query(
                    last.Record is null ? first : next,
                    row => (LedgerRow.Read(file, row), row.GetValue(12), row.GetInt64(13)),
                    [.. values, ("@column", last.Column), ("@number", last.Number)]),
                cancellation);
            foreach ((CertificateRecord Record, object Column, long Number) row in page)
            {
                yield return row.Record;
                last = row;
            }
        }
        while (page.Count == PageRows);
    }
}
