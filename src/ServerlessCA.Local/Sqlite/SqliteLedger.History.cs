using Microsoft.Data.Sqlite;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Local.Sqlite;

// The history: what happened, and who did it. Entries that may be forgotten are deleted when another one is stored.
public sealed partial class SqliteLedger
{
    private const string HistoryColumns = "Id, Kind, At, CommonName, SerialNumber, Ca, Details, Actor";

    /// <inheritdoc/>
    public Task AddHistoryAsync(HistoryEntry entry, CancellationToken cancellation) => connections.WriteAsync(
        connection =>
        {
            AddHistory(connection, entry);
            return true;
        },
        cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HistoryEntry>> FindHistoryAsync(HistoryQuery query, CancellationToken cancellation) =>
        await connections.ReadAsync(connection => FindHistory(connection, query), cancellation);

    // Does nothing where there is no entry. An entry of the same id stays.
    private static void AddHistory(SqliteConnection connection, HistoryEntry? entry)
    {
        if (entry is null)
        {
            return;
        }

        connection.Run("DELETE FROM History WHERE KeptUntil <= @at", ("@at", TableTime.Text(entry.At)));
        connection.Run(
            $"INSERT OR IGNORE INTO History ({HistoryColumns}, KeptUntil) VALUES (@id, @kind, @at, @name, @serial, @ca, @details, @actor, @until)",
            ("@id", entry.Id), ("@kind", HistoryKinds.Name(entry.Kind)), ("@at", TableTime.Text(entry.At)), ("@name", entry.CommonName),
            ("@serial", entry.SerialNumber?.ToString()), ("@ca", entry.Ca), ("@details", entry.Details), ("@actor", entry.By),
            ("@until", TableTime.Text(entry.KeptUntil)));
    }

    private static List<HistoryEntry> FindHistory(SqliteConnection connection, HistoryQuery query)
    {
        string ofName = query.CommonName is null ? "" : "CommonName = @name AND ";
        string ofSerial = query.SerialNumber is null ? "" : "SerialNumber = @serial AND ";
        List<HistoryEntry?> found = connection.Query(
            $"SELECT {HistoryColumns} FROM History WHERE {ofName}{ofSerial}At >= @since ORDER BY At DESC, Number DESC LIMIT @limit",
            ReadHistory,
            ("@name", query.CommonName), ("@serial", query.SerialNumber?.ToString()), ("@since", TableTime.Text(query.Since)), ("@limit", query.Limit));
        return [.. found.OfType<HistoryEntry>()];
    }

    // Returns null for what somebody changed, or a later version wrote: the history serves people, and nothing depends on it.
    private static HistoryEntry? ReadHistory(SqliteDataReader row) =>
        HistoryKinds.Find(row.Text(1)) is { } kind && TableTime.TryParse(row.Text(2), out DateTimeOffset at)
            ? new HistoryEntry
            {
                Id = row.GetString(0),
                Kind = kind,
                At = at,
                CommonName = row.Text(3),
                SerialNumber = SerialNumber.TryParse(row.Text(4), out SerialNumber serial) ? serial : null,
                Ca = row.Text(5),
                Details = row.GetString(6),
                By = row.Text(7),
            }
            : null;
}
