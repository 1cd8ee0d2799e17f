using System.Runtime.CompilerServices;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Local.Sqlite;

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
