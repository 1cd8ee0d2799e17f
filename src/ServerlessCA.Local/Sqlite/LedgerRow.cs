using System.Text.Json;
using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Local.Sqlite;

/// <summary>Converts between a row of <c>Certificates</c> and its record.</summary>
internal static class LedgerRow
{
    /// <summary>The columns that <see cref="Read"/> expects, in its order.</summary>
    public const string Columns = "CommonName, SerialNumber, Issued, Expires, Certificate, Revoked, RevocationReason, "
        + "CRLNumber, NotifyExpiry, ExpiryReminders, PublicKeyHash, IssuerKeyId, Source";

    /// <summary>The number of columns, which is the index of a further column that is read with them.</summary>
    public const int ColumnCount = 13;

    /// <summary>The columns that <see cref="ReadLine"/> expects, in its order.</summary>
    public const string LineColumns = "CommonName, SerialNumber, Issued, Expires, CRLNumber, Revoked, RevocationReason, IssuerKeyId, Source";

    /// <summary>The number of columns of a line, as <see cref="ColumnCount"/>.</summary>
    public const int LineColumnCount = 9;

    /// <summary>Reads the current row.</summary>
    /// <exception cref="LedgerUnavailableException">The row is not as this program writes it: somebody changed
    /// it.</exception>
    public static CertificateRecord Read(LedgerFile file, SqliteDataReader row) => Checked(file, row, () => new CertificateRecord
    {
        CommonName = row.GetString(0),
        SerialNumber = SerialNumber.Parse(row.GetString(1)),
        Issued = TableTime.Parse(row.GetString(2)),
        Expires = TableTime.Parse(row.GetString(3)),
        CertificatePem = row.GetString(4),
        Revoked = ReadRevocation(row, at: 5),
        CrlNumber = row.IsDBNull(7) ? null : row.GetInt64(7),
        NotifyExpiry = row.IsDBNull(8) ? null : row.GetInt64(8) != 0,
        ExpiryReminders = ReadTimes(row.Text(9)),
        PublicKeyHash = row.Text(10) is { } hash ? KeyHash.FromHex(hash) : null,
        IssuerKeyId = row.Text(11),
        Source = IssueSources.OfName(row.Text(12)),
    });

    /// <summary>Reads what the current row says without its certificate.</summary>
    /// <exception cref="LedgerUnavailableException">As for <see cref="Read"/>.</exception>
    public static CertificateLine ReadLine(LedgerFile file, SqliteDataReader row) => Checked(file, row, () => new CertificateLine
    {
        CommonName = row.GetString(0),
        SerialNumber = SerialNumber.Parse(row.GetString(1)),
        Issued = TableTime.Parse(row.GetString(2)),
        Expires = TableTime.Parse(row.GetString(3)),
        IsCa = !row.IsDBNull(4),
        Revoked = ReadRevocation(row, at: 5),
        IssuerKeyId = row.Text(7),
        Source = IssueSources.OfName(row.Text(8)),
    });

    /// <summary>Stores a new row, with what it is searched by.</summary>
    public static void Insert(SqliteConnection connection, CertificateRecord record) => Insert(connection, record, SearchKeys.Of(record));

    /// <summary>Stores what a row of an earlier version is searched by.</summary>
    public static void FillSearchKeys(SqliteConnection connection, long number, SearchKeys keys) => connection.Run(
        "UPDATE Certificates SET SearchName = @searchName, AlternativeNames = @names, Usages = @usages, IssuedBy = @issuedBy WHERE Number = @number",
        ("@number", number), ("@searchName", keys.Name), ("@names", keys.AlternativeNames), ("@usages", keys.Usages), ("@issuedBy", keys.IssuedBy));

    private static void Insert(SqliteConnection connection, CertificateRecord record, SearchKeys keys) => connection.Run(
        $"INSERT INTO Certificates ({Columns}, SearchName, AlternativeNames, Usages, IssuedBy) VALUES (@name, @serial, @issued, @expires, @pem, "
            + "@revoked, @reason, @crl, @notify, @reminders, @key, @issuer, @source, @searchName, @names, @usages, @issuedBy)",
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
        ("@issuer", record.IssuerKeyId),
        ("@source", record.Source is { } source ? IssueSources.Name(source) : null),
        ("@searchName", keys.Name), ("@names", keys.AlternativeNames), ("@usages", keys.Usages), ("@issuedBy", keys.IssuedBy));

    /// <summary>Writes the first second of a day.</summary>
    public static string FirstSecond(DateOnly day) => TableTime.Text(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));

    /// <summary>Writes the last second of a day.</summary>
    public static string LastSecond(DateOnly day) => TableTime.Text(new DateTimeOffset(day, TimeOnly.MaxValue, TimeSpan.Zero));

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

    // Both kinds of rows begin with the two columns of the key.
    private static T Checked<T>(LedgerFile file, SqliteDataReader row, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException)
        {
            throw file.Refusal($"holds a row that somebody changed: CommonName '{row.Text(0)}', SerialNumber {row.Text(1)}: "
                + $"{error.Message}. Correct that row, or restore the ledger from a backup.");
        }
    }

    // The reason is in the column after the time.
    private static CertificateRevocation? ReadRevocation(SqliteDataReader row, int at)
    {
        if (row.Text(at) is not { } time)
        {
            return null;
        }

        string reason = row.Text(at + 1) ?? ReasonText(RevocationReason.Unspecified);
        return RevocationReasons.TryParse(reason, out RevocationReason known)
            ? new CertificateRevocation(TableTime.Parse(time), known)
            : throw new FormatException($"'{reason}' is not a revocation reason");
    }
}
