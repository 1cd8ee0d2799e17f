using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Local.Sqlite;

// What health asks about all rows, found by indexes that have what is counted.
public sealed partial class SqliteLedger : ITableFacts
{
    // Without the index's name SQLite would read all rows, which are in the right order.
    private static readonly RowForm<CertificateRecord> OfResponders =
        new(LedgerRow.Columns, LedgerRow.ColumnCount, LedgerRow.Read) { Table = "Certificates INDEXED BY CertificatesResponders" };

    /// <inheritdoc/>
    public IAsyncEnumerable<CertificateRecord> ListRespondersAsync(CancellationToken cancellation) =>
        ReadPagesAsync(OfResponders, "instr(Usages, '1.3.6.1.5.5.7.3.9') > 0", "Number", [], cancellation);

    /// <inheritdoc/>
    public Task<int> CountExpiringAsync(
        DateOnly first, DateOnly last, Func<DateTimeOffset, DateTimeOffset, bool> passes, CancellationToken cancellation) => connections.ReadAsync(
            connection =>
            {
                int count = 0;
                connection.Query(
                    "SELECT Issued, Expires FROM Certificates INDEXED BY CertificatesToRemind "
                        + "WHERE NotifyExpiry = 1 AND Expires >= @first AND Expires <= @last AND Revoked IS NULL AND CRLNumber IS NULL",
                    row => count += TableTime.TryParse(row.GetString(0), out DateTimeOffset issued)
                        && TableTime.TryParse(row.GetString(1), out DateTimeOffset expires) && passes(issued, expires) ? 1 : 0,
                    ("@first", LedgerRow.FirstSecond(first)), ("@last", LedgerRow.LastSecond(last)));
                return count;
            },
            cancellation);

    /// <inheritdoc/>
    public Task<int> CountOrphanedAsync(IReadOnlyCollection<string> exceptNames, CancellationToken cancellation) =>
        connections.ReadAsync(connection => CountOrphaned(connection, exceptNames), cancellation);

    // Where no row is gone, which is usual, no reservation is read. A row that was restored is not gone any more.
    private static int CountOrphaned(SqliteConnection connection, IReadOnlyCollection<string> exceptNames)
    {
        (string Name, object? Value)[] names = [.. exceptNames.Select((name, place) => (FormattableString.Invariant($"@name{place}"), (object?)name))];
        string gone = $"""
            SELECT CommonName, SerialNumber FROM Gone WHERE CommonName NOT IN ({string.Join(", ", names.Select(name => name.Name))}) AND NOT EXISTS (
                SELECT 1 FROM Certificates c WHERE c.CommonName = Gone.CommonName AND c.SerialNumber = Gone.SerialNumber)
            """;
        return !connection.Any($"{gone} LIMIT 1", names) ? 0 : connection.Query(
            $"SELECT COUNT(*) FROM Reservations WHERE Id > @first AND Id < @end AND (CommonName, SerialNumber) IN ({gone})",
            row => row.GetInt32(0), [("@first", KeyPrefix), ("@end", KeyEnd), .. names]).Single();
    }
}
