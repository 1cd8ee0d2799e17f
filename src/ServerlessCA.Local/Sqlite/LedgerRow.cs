using System.Text.Json;
using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Local.Sqlite;

/// <summary>Converts between a row of <c>Certificates</c> and its record.</summary>
internal static class LedgerRow
{
    /// <summary>The columns that <see cref="Read"/> expects, in its order.</summary>
    public const string Columns = "CommonName, SerialNumber, Issued, Expires, Certificate, Revoked, RevocationReason, "
        + "CRLNumber, NotifyExpiry, ExpiryReminders, PublicKeyHash, IssuerKeyId";

    /// <summary>The number of columns, which is the index of a further column that is read with them.</summary>
    public const int ColumnCount = 12;

    /// <summary>Reads the current row.</summary>
    /// <exception cref="LedgerUnavailableException">The row is not as this program writes it: somebody changed
    /// it.</exception>
    public static CertificateRecord Read(LedgerFile file, SqliteDataReader row)
    {
        try
        {
            return new CertificateRecord
            {
                CommonName = row.GetString(0),
                SerialNumber = SerialNumber.Parse(row.GetString(1)),
                Issued = TableTime.Parse(row.GetString(2)),
                Expires = TableTime.Parse(row.GetString(3)),
                CertificatePem = row.GetString(4),
                Revoked = ReadRevocation(row),
                CrlNumber = row.IsDBNull(7) ? null : row.GetInt64(7),
                NotifyExpiry = row.IsDBNull(8) ? null : row.GetInt64(8) != 0,
                ExpiryReminders = ReadTimes(row.Text(9)),
                PublicKeyHash = row.Text(10) is { } hash ? KeyHash.FromHex(hash) : null,
                IssuerKeyId = row.Text(11),
            };
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException)
        {
            throw file.Refusal($"holds a row that somebody changed: CommonName '{row.Text(0)}', SerialNumber {row.Text(1)}: "
                + $"{error.Message}. Correct that row, or restore the ledger from a backup.");
        }
    }

    /// <summary>Stores a new row.</summary>
    public static void Insert(SqliteConnection connection, CertificateRecord record) => connection.Run(
        $"INSERT INTO Certificates ({Columns}) VALUES (@name, @serial, @issued, @expires, @pem, @revoked, @reason, "
            + "@crl, @notify, @reminders, @key, @issuer)",
        ("@name", record.CommonName),
        ("@serial", record.SerialNumber.ToString()),
        ("@issued", TableTime.Text(record.Issued)),
        ("@expires", TableTime.Text(record.Expires)),
        ("@pem", record.CertificatePem),
        ("@revoked", record.Revoked is { } revoked ? TableTime.Text(revoked.At) : null),
        ("@reason", record.Revoked is { } why ? ReasonText(why.Reason) : null),
        ("@crl", record.CrlNumber),
        ("@notify", record.NotifyExpiry is { } notify ? notify ? 1 : 0 : null),
        ("@reminders", record.ExpiryReminders.Count == 0 ? null : TimesText(record.ExpiryReminders)),
        ("@key", record.PublicKeyHash?.Hex),
        ("@issuer", record.IssuerKeyId));

    /// <summary>Writes a reason as the column <c>RevocationReason</c> has it.</summary>
    public static string ReasonText(RevocationReason reason) => RevocationReasons.Name(reason);

    /// <summary>Writes times as the column <c>ExpiryReminders</c> has them: a JSON list.</summary>
    public static string TimesText(IEnumerable<DateTimeOffset> times) =>
        $"[{string.Join(',', times.Select(time => $"\"{TableTime.Text(time)}\""))}]";

    private static DateTimeOffset[] ReadTimes(string? json)
    {
        if (json is null)
        {
            return [];
        }

        using var list = JsonDocument.Parse(json);
        return [.. list.RootElement.EnumerateArray().Select(time => TableTime.Parse(time.GetString() ?? ""))];
    }

    private static CertificateRevocation? ReadRevocation(SqliteDataReader row)
    {
        if (row.Text(5) is not { } at)
        {
            return null;
        }

        string reason = row.Text(6) ?? ReasonText(RevocationReason.Unspecified);
        return RevocationReasons.TryParse(reason, out RevocationReason known)
            ? new CertificateRevocation(TableTime.Parse(at), known)
            : throw new FormatException($"'{reason}' is not a revocation reason");
    }
}
