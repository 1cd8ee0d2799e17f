using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Benchmarks.Commands;

/// <summary>Rows as large as real ones, for a ledger in SQLite, which expire over a year, each with the reservation of its key and an entry in the
/// history.</summary>
/// <param name="Count">How many.</param>
/// <param name="Revoked">How many of them at most are revoked, one in 20.</param>
/// <param name="Reminders">Whether to remind of their expiry.</param>
internal sealed record LedgerFill(int Count, int Revoked, bool Reminders)
{
    /// <summary>The serial number of row N is this and N.</summary>
    public const string SerialPrefix = "142724769270595988105828596845";

    private const int MinutesOfYear = 365 * 1440;

    /// <summary>Writes them in one transaction.</summary>
    /// <param name="file">The database.</param>
    /// <param name="now">They expire in the year after it.</param>
    /// <param name="issuerKeyId">Key identifier of their CA, hexadecimal.</param>
    /// <param name="pem">The certificate of them all.</param>
    public void Write(string file, DateTimeOffset now, string issuerKeyId, string pem)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = $"""
            BEGIN;
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {Count})
            INSERT INTO Certificates (CommonName, SerialNumber, Issued, Expires, Certificate, NotifyExpiry, IssuerKeyId, Source, PublicKeyHash,
                Revoked, RevocationReason, SearchName, AlternativeNames, Usages)
            SELECT 'host' || n || '.example.com', '{SerialPrefix}' || n,
                strftime('%Y-%m-%d %H:%M:%S', @issued, '-' || (n * 7919 % {Count}) || ' seconds'),
                strftime('%Y-%m-%d %H:%M:%S', @now, '+' || (n * {MinutesOfYear} / {Count}) || ' minutes'),
                @pem, @remind, @issuer, iif(n % 3, 'direct', 'gitops'), printf('%064x', n),
                iif(n % 20 OR n > {20L * Revoked}, NULL, strftime('%Y-%m-%d %H:%M:%S', @issued, '-' || n || ' seconds')),
                iif(n % 20 OR n > {20L * Revoked}, NULL, 'superseded'),
                'HOST' || n || '.EXAMPLE.COM', @line || 'HOST' || n || '.EXAMPLE.COM' || @line || 'WWW' || (n % 1000) || '.EXAMPLE.NET' || @line,
                @line || iif(n % 2, '1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2') || @line FROM numbers;
            INSERT INTO Reservations (Id, CommonName, SerialNumber)
            SELECT 'key#' || PublicKeyHash, CommonName, SerialNumber FROM Certificates WHERE SerialNumber LIKE '{SerialPrefix}%' ORDER BY PublicKeyHash;
            INSERT INTO History (Id, Kind, At, CommonName, SerialNumber, Details, Actor, KeptUntil)
            SELECT 'issued ' || Number, 'issued', Issued, CommonName, SerialNumber, 'expires ' || Expires, 'local:operator', Expires
            FROM Certificates WHERE SerialNumber LIKE '{SerialPrefix}%';
            COMMIT
            """;
        command.Parameters.AddWithValue("@line", "\n");
        command.Parameters.AddWithValue("@issued", TableTime.Text(now.AddDays(-1)));
        command.Parameters.AddWithValue("@now", TableTime.Text(now));
        command.Parameters.AddWithValue("@issuer", issuerKeyId);
        command.Parameters.AddWithValue("@remind", Reminders ? 1 : 0);
        command.Parameters.AddWithValue("@pem", pem);
        command.ExecuteNonQuery();
    }
}
