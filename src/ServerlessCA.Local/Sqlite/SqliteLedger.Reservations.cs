using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Local.Sqlite;

/// <summary>The reservations of keys in the table of what may be used once (<c>key#</c>). They are made and changed under
/// the key's own hash; one under its former hash is only read (contract 12.27).</summary>
internal static class KeyReservations
{
    private const string Prefix = "key#";
    private const string End = "key$"; // '$' follows '#'

    /// <summary>The reservation of a key, or null.</summary>
    public static KeyReservation? Find(LedgerFile file, SqliteConnection connection, ReservedKey key) =>
        Find(file, connection, key.Hash) ?? (key.Former is { } former ? Find(file, connection, former) : null);

    /// <summary>Makes a reservation, or takes it over.</summary>
    public static void Put(SqliteConnection connection, ReservedKey key, KeyReservation reservation) => connection.Run(
        "INSERT OR REPLACE INTO Reservations (Id, CommonName, SerialNumber, HolderRevoked, Compromised) "
            + "VALUES (@id, @name, @serial, @revoked, @compromised)",
        ("@id", Id(key.Hash)), ("@name", reservation.Holder.CommonName), ("@serial", reservation.Holder.SerialNumber.ToString()),
        ("@revoked", reservation.HolderRevoked ? 1 : null), ("@compromised", reservation.Compromised ? 1 : null));

    /// <summary>Remembers that a row with this key is revoked.</summary>
    public static void Mark(LedgerFile file, SqliteConnection connection, ReservedKey key, RowId row, RevocationReason reason)
    {
        KeyReservation? before = Find(file, connection, key);
        var after = KeyReservation.Remembering(before, row, reason);
        if (after != before)
        {
            Put(connection, key, after);
        }
    }

    /// <summary>The rows that keys are reserved for, page by page.</summary>
    public static async IAsyncEnumerable<RowId> ListAsync(
        LedgerFile file, LedgerConnections connections, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string after = Prefix;
        List<(string Id, RowId Row)> page;
        do
        {
            string from = after;
            page = await connections.ReadAsync(
                connection => connection.Query(
                    "SELECT Id, CommonName, SerialNumber FROM Reservations WHERE Id > @after AND Id < @end ORDER BY Id LIMIT 500",
                    row => (row.GetString(0), Reservations.ReadRow(file, row.GetString(0), row.Text(1), row.Text(2))),
                    ("@after", from), ("@end", End)),
                cancellation);
            foreach ((string id, RowId row) in page)
            {
                yield return row;
                after = id;
            }
        }
        while (page.Count > 0);
    }

    private static KeyReservation? Find(LedgerFile file, SqliteConnection connection, KeyHash hash)
    {
        string id = Id(hash);
        return connection.Query(
            "SELECT CommonName, SerialNumber, HolderRevoked = 1, Compromised = 1 FROM Reservations WHERE Id = @id",
            row => new KeyReservation(Reservations.ReadRow(file, id, row.Text(0), row.Text(1)), IsSet(row, 2), IsSet(row, 3)),
            ("@id", id)).SingleOrDefault();
    }

    private static bool IsSet(SqliteDataReader row, int column) => !row.IsDBNull(column) && row.GetInt64(column) != 0;

    private static string Id(KeyHash hash) => $"{Prefix}{hash.Hex}";
}
