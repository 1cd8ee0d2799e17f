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
