using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Local.Sqlite;

/// <summary>The table of what may be used once: tokens, forced issues, events told for good, and keys (<see cref="KeyReservations"/>).</summary>
internal static class Reservations
{
    public static string OnceId(string id) => $"once#{id}";

    public static string EventId(string id) => $"event#{id}";

    private static string TokenId(string token) => $"token#{token}";

    public static bool Exists(SqliteConnection connection, string id) =>
        connection.Any("SELECT 1 FROM Reservations WHERE Id = @id", ("@id", id));

    /// <summary>Makes a reservation, or takes it over.</summary>
    public static void Put(SqliteConnection connection, string id, RowId? row) => connection.Run(
        "INSERT OR REPLACE INTO Reservations (Id, CommonName, SerialNumber) VALUES (@id, @name, @serial)",
        ("@id", id), ("@name", row?.CommonName), ("@serial", row?.SerialNumber.ToString()));

    /// <summary>What a token stands for, or null when it does not count any more.</summary>
    public static RecalledIssue? Recall(LedgerFile file, SqliteConnection connection, string token, DateTimeOffset now) =>
        connection.Query(
            "SELECT CommonName, SerialNumber, RequestHash, At FROM Reservations WHERE Id = @id AND At >= @since",
            row => ReadClaim(file, token, row), ("@id", TokenId(token)), ("@since", TableTime.Text(IdempotencyClaim.CountsSince(now)))).SingleOrDefault();

    /// <summary>Remembers a token, and forgets those that are long dead.</summary>
    public static void PutToken(SqliteConnection connection, IdempotencyClaim claim, RowId row)
    {
        connection.Run("DELETE FROM Reservations WHERE At < @since", ("@since", TableTime.Text(IdempotencyClaim.KeptSince(claim.At))));
        connection.Run(
            "INSERT OR REPLACE INTO Reservations (Id, CommonName, SerialNumber, RequestHash, At) "
                + "VALUES (@id, @name, @serial, @request, @at)",
            ("@id", TokenId(claim.Token)), ("@name", row.CommonName), ("@serial", row.SerialNumber.ToString()),
            ("@request", claim.RequestHash), ("@at", TableTime.Text(claim.At)));
    }

    private static RecalledIssue ReadClaim(LedgerFile file, string token, SqliteDataReader row)
    {
        RowId issued = ReadRow(file, TokenId(token), row.Text(0), row.Text(1));
        return row.Text(2) is { } request && TableTime.TryParse(row.Text(3), out DateTimeOffset at)
            ? new RecalledIssue(new IdempotencyClaim(token, request, at), issued.CommonName, issued.SerialNumber)
            : throw Changed(file, TokenId(token));
    }

    /// <exception cref="LedgerUnavailableException">Somebody changed it.</exception>
    public static RowId ReadRow(LedgerFile file, string id, string? name, string? serial) =>
        name is not null && SerialNumber.TryParse(serial, out SerialNumber number)
            ? new RowId(name, number)
            : throw Changed(file, id);

    private static LedgerUnavailableException Changed(LedgerFile file, string id) => file.Refusal(
        $"holds a reservation that somebody changed: '{id}'. Correct it, or restore the ledger from a backup.");
}

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
