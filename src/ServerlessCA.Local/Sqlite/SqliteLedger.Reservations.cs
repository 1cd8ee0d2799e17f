using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Local.Sqlite;

// Reservations of what may be used once: tokens, forced issues, events that may be delivered only once, and keys. A key
// is reserved under its own hash; a reservation under its former hash is only read (contract 12.27).
public sealed partial class SqliteLedger : IProvenRequests
{
    internal const string KeyPrefix = "key#";
    internal const string KeyEnd = "key$"; // '$' follows '#'

    /// <inheritdoc/>
    public Task<KeyReservation?> FindKeyAsync(ReservedKey key, CancellationToken cancellation) =>
        connections.FindAsync(connection => FindKey(file, connection, key), cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<RowId> ListReservedAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        string after = KeyPrefix;
        List<(string Id, RowId Row)> page;
        do
        {
            string from = after;
            page = await connections.ReadAsync(
                connection => connection.Query(
                    "SELECT Id, CommonName, SerialNumber FROM Reservations WHERE Id > @after AND Id < @end ORDER BY Id LIMIT 500",
                    row => (row.GetString(0), ReadReservedRow(file, row.GetString(0), row.Text(1), row.Text(2))),
                    ("@after", from), ("@end", KeyEnd)),
                cancellation);
            foreach ((string id, RowId row) in page)
            {
                yield return row;
                after = id;
            }
        }
        while (page.Count > 0);
    }

    /// <inheritdoc/>
    public Task<RecalledIssue?> RecallAsync(string token, DateTimeOffset now, CancellationToken cancellation) =>
        connections.FindAsync(connection => Recall(file, connection, token, now), cancellation);

    /// <inheritdoc/>
    public Task<bool> HappenedAsync(string onceId, CancellationToken cancellation) =>
        connections.FindAsync(connection => IsReserved(connection, OnceId(onceId)), cancellation);

    /// <inheritdoc/>
    public Task<bool> IsProvenAsync(ProvenRequest request, CancellationToken cancellation) => connections.FindAsync(
        connection => connection.Any(
            "SELECT 1 FROM Reservations WHERE Id = @id AND RequestHash = @hash", ("@id", KeyId(request.Key.Hash)), ("@hash", request.Hash)),
        cancellation);

    /// <inheritdoc/>
    public Task NoteProvenAsync(IReadOnlyCollection<ProvenRequest> requests, CancellationToken cancellation) => connections.WriteAsync(
        connection => requests.Sum(request => connection.Run(
            "UPDATE Reservations SET RequestHash = @hash WHERE Id = @id AND RequestHash IS NULL",
            ("@id", KeyId(request.Key.Hash)), ("@hash", request.Hash))),
        cancellation);

    /// <summary>Finds the reservation of a key, or null.</summary>
    internal static KeyReservation? FindKey(LedgerFile file, SqliteConnection connection, ReservedKey key) =>
        FindKey(file, connection, key.Hash) ?? (key.Former is { } former ? FindKey(file, connection, former) : null);

    /// <summary>Makes a reservation, or takes it over.</summary>
    internal static void ReserveKey(SqliteConnection connection, ReservedKey key, KeyReservation reservation) => connection.Run(
        "INSERT OR REPLACE INTO Reservations (Id, CommonName, SerialNumber, HolderRevoked, Compromised) "
            + "VALUES (@id, @name, @serial, @revoked, @compromised)",
        ("@id", KeyId(key.Hash)), ("@name", reservation.Holder.CommonName), ("@serial", reservation.Holder.SerialNumber.ToString()),
        ("@revoked", reservation.HolderRevoked ? 1 : null), ("@compromised", reservation.Compromised ? 1 : null));

    /// <summary>Marks in a key's reservation that a row with this key is revoked.</summary>
    private static void MarkKeyRevoked(LedgerFile file, SqliteConnection connection, ReservedKey key, RowId row, RevocationReason reason)
    {
        KeyReservation? before = FindKey(file, connection, key);
        var after = KeyReservation.Remembering(before, row, reason);
        if (after != before)
        {
            ReserveKey(connection, key, after);
        }
    }

    private static KeyReservation? FindKey(LedgerFile file, SqliteConnection connection, KeyHash hash)
    {
        string id = KeyId(hash);
        return connection.Query(
            "SELECT CommonName, SerialNumber, HolderRevoked = 1, Compromised = 1 FROM Reservations WHERE Id = @id",
            row => new KeyReservation(ReadReservedRow(file, id, row.Text(0), row.Text(1)), IsSet(row, 2), IsSet(row, 3)),
            ("@id", id)).SingleOrDefault();
    }

    private static bool IsSet(SqliteDataReader row, int column) => !row.IsDBNull(column) && row.GetInt64(column) != 0;

    private static string KeyId(KeyHash hash) => $"{KeyPrefix}{hash.Hex}";

    private static string OnceId(string id) => $"once#{id}";

    private static string EventId(string id) => $"event#{id}";

    private static string TokenId(string token) => $"token#{token}";

    private static bool IsReserved(SqliteConnection connection, string id) =>
        connection.Any("SELECT 1 FROM Reservations WHERE Id = @id", ("@id", id));

    /// <summary>Makes a reservation, or takes it over.</summary>
    private static void Reserve(SqliteConnection connection, string id, RowId? row) => connection.Run(
        "INSERT OR REPLACE INTO Reservations (Id, CommonName, SerialNumber) VALUES (@id, @name, @serial)",
        ("@id", id), ("@name", row?.CommonName), ("@serial", row?.SerialNumber.ToString()));

    /// <summary>Finds the certificate that a token stands for; null when the token is unknown or has expired.</summary>
    private static RecalledIssue? Recall(LedgerFile file, SqliteConnection connection, string token, DateTimeOffset now) =>
        connection.Query(
            "SELECT CommonName, SerialNumber, RequestHash, At FROM Reservations WHERE Id = @id AND At >= @since",
            row => ReadClaim(file, token, row), ("@id", TokenId(token)), ("@since", TableTime.Text(IdempotencyClaim.CountsSince(now)))).SingleOrDefault();

    /// <summary>Stores a token, and deletes those that expired long ago.</summary>
    private static void ReserveToken(SqliteConnection connection, IdempotencyClaim claim, RowId row)
    {
        connection.Run("DELETE FROM Reservations WHERE At < @since", ("@since", TableTime.Text(IdempotencyClaim.RememberedSince(claim.At))));
        connection.Run(
            "INSERT OR REPLACE INTO Reservations (Id, CommonName, SerialNumber, RequestHash, At) "
                + "VALUES (@id, @name, @serial, @request, @at)",
            ("@id", TokenId(claim.Token)), ("@name", row.CommonName), ("@serial", row.SerialNumber.ToString()),
            ("@request", claim.RequestHash), ("@at", TableTime.Text(claim.At)));
    }

    private static RecalledIssue ReadClaim(LedgerFile file, string token, SqliteDataReader row)
    {
        RowId issued = ReadReservedRow(file, TokenId(token), row.Text(0), row.Text(1));
        return row.Text(2) is { } request && TableTime.TryParse(row.Text(3), out DateTimeOffset at)
            ? new RecalledIssue(new IdempotencyClaim(token, request, at), issued.CommonName, issued.SerialNumber)
            : throw ChangedReservation(file, TokenId(token));
    }

    /// <exception cref="LedgerUnavailableException">Somebody changed the reservation.</exception>
    private static RowId ReadReservedRow(LedgerFile file, string id, string? name, string? serial) =>
        name is not null && SerialNumber.TryParse(serial, out SerialNumber number)
            ? new RowId(name, number)
            : throw ChangedReservation(file, id);

    private static LedgerUnavailableException ChangedReservation(LedgerFile file, string id) => file.Refusal(
        $"holds a reservation that somebody changed: '{id}'. Correct it, or restore the ledger from a backup.");
}
