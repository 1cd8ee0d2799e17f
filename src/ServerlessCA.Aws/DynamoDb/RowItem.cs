using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>Writes a record as the original's table has it (contract section 2), with our attributes beside.</summary>
internal static class RowItem
{
    public static Dictionary<string, AttributeValue> Of(CertificateRecord record)
    {
        Dictionary<string, AttributeValue> item = Keys.OfRow(RowId.Of(record));
        item[Attributes.Issued] = Time(record.Issued);
        item[Attributes.Expires] = Time(record.Expires);
        item[Attributes.Certificate] = new AttributeValue { B = new MemoryStream(Base64Of(record.CertificatePem)) };
        Set(item, Attributes.Revoked, record.Revoked is { } revoked ? Time(revoked.At) : null);
        Set(item, Attributes.RevocationReason, record.Revoked is { } why ? Reason(why.Reason) : null);
        Set(item, Attributes.CrlNumber, record.CrlNumber is { } number ? Attributes.N(number) : null);
        Set(item, Attributes.NotifyExpiry, record.NotifyExpiry is { } notify ? Attributes.Bool(notify) : null);
        Set(item, Attributes.ExpiryReminders, record.ExpiryReminders.Count > 0 ? Times(record.ExpiryReminders) : null);
        Set(item, Attributes.PublicKeyHash, record.PublicKeyHash is { } hash ? Attributes.S(hash.Hex) : null);
        Set(item, Attributes.IssuerKeyId, record.IssuerKeyId is { } issuer ? Attributes.S(issuer) : null);
        Set(item, Attributes.ReminderDay, record.IsToRemind ? Attributes.S(ReminderDays.Of(record)) : null);
        Set(item, Attributes.ExpiryMonth, Attributes.S(ExpiryMonths.Of(record)));
        Set(item, Attributes.Source, record.Source is { } source ? Attributes.S(IssueSources.Name(source)) : null);
        return item;
    }

    public static AttributeValue Time(DateTimeOffset time) => Attributes.S(TableTime.Text(time));

    public static AttributeValue Times(IEnumerable<DateTimeOffset> times) => new() { L = [.. times.Select(Time)] };

    public static AttributeValue Reason(RevocationReason reason) => Attributes.S(RevocationReasons.Name(reason));

    // The original writes base64 text into a binary attribute; DynamoDB's JSON shows it base64 twice.
    private static byte[] Base64Of(string pem) => Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(pem)));

    private static void Set(Dictionary<string, AttributeValue> item, string name, AttributeValue? value)
    {
        if (value is not null)
        {
            item[name] = value;
        }
    }
}

/// <summary>Reads rows, our own and the original's. Missing times are taken from the certificate where possible; a value of
/// another form than a time, a number or a list is reported, never guessed.</summary>
internal sealed class RowReader(string table)
{
    /// <exception cref="LedgerUnavailableException">The row was changed by hand and cannot be read.</exception>
    public CertificateRecord Read(Dictionary<string, AttributeValue> item) => Checked(item, () =>
    {
        string pem = Pem(item);
        Lazy<Certificate?> certificate = new(() => Certificate.TryDecodePem(pem, out Certificate? decoded) ? decoded : null);
        return new CertificateRecord
        {
            CommonName = item.Text(Attributes.CommonName)!,
            SerialNumber = SerialNumber.Parse(item.Text(Attributes.SerialNumber)!),
            Issued = Time(item, Attributes.Issued) ?? certificate.Value?.NotBefore ?? throw Missing(Attributes.Issued),
            Expires = Time(item, Attributes.Expires) ?? certificate.Value?.NotAfter ?? throw Missing(Attributes.Expires),
            CertificatePem = pem,
            Revoked = Revocation(item),
            CrlNumber = item.Has(Attributes.CrlNumber)
                ? long.Parse(item[Attributes.CrlNumber].N ?? "", NumberStyles.None, CultureInfo.InvariantCulture) : null,
            NotifyExpiry = item.Has(Attributes.NotifyExpiry) ? item[Attributes.NotifyExpiry].BOOL : null,
            ExpiryReminders = Reminders(item),
            PublicKeyHash = item.Text(Attributes.PublicKeyHash) is { } hash ? KeyHash.FromHex(hash) : null,
            IssuerKeyId = item.Text(Attributes.IssuerKeyId),
            Source = IssueSources.OfName(item.Text(Attributes.Source)),
        };
    });

    /// <summary>Reads an item of the index of expiries, which has no certificate.</summary>
    /// <exception cref="LedgerUnavailableException">As for <see cref="Read"/>.</exception>
    public CertificateLine ReadLine(Dictionary<string, AttributeValue> item) => Checked(item, () => new CertificateLine
    {
        CommonName = item.Text(Attributes.CommonName)!,
        SerialNumber = SerialNumber.Parse(item.Text(Attributes.SerialNumber)!),
        Issued = Time(item, Attributes.Issued) ?? throw Missing(Attributes.Issued),
        Expires = Time(item, Attributes.Expires) ?? throw Missing(Attributes.Expires),
        Revoked = Revocation(item),
        IsCa = item.Has(Attributes.CrlNumber),
        IssuerKeyId = item.Text(Attributes.IssuerKeyId),
        Source = IssueSources.OfName(item.Text(Attributes.Source)),
    });

    private T Checked<T>(Dictionary<string, AttributeValue> item, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is FormatException or OverflowException)
        {
            throw new LedgerUnavailableException(
                $"The table '{table}' has a row that somebody changed: {Attributes.CommonName} '{item.Text(Attributes.CommonName)}', "
                    + $"{Attributes.SerialNumber} '{item.Text(Attributes.SerialNumber)}': {fault.Message}. Correct that row, or restore it from a backup.",
                fault,
                nothingWasStored: true);
        }
    }

    private static CertificateRevocation? Revocation(Dictionary<string, AttributeValue> item) =>
        Time(item, Attributes.Revoked) is { } at ? new CertificateRevocation(at, Reason(item)) : null;

    // A binary with base64 text, as the original writes it; a row that was added by hand may have the PEM itself.
    private static string Pem(Dictionary<string, AttributeValue> item)
    {
        if (!item.TryGetValue(Attributes.Certificate, out AttributeValue? value))
        {
            return "";
        }

        string text = value.B is { } bytes ? Encoding.UTF8.GetString(bytes.ToArray()) : value.S ?? "";
        byte[] decoded = new byte[text.Length];
        return !text.Contains("-----BEGIN", StringComparison.Ordinal) && Convert.TryFromBase64String(text, decoded, out int length)
            ? Encoding.UTF8.GetString(decoded, 0, length)
            : text;
    }

    private static DateTimeOffset? Time(Dictionary<string, AttributeValue> item, string name) =>
        item.Has(name) ? Time(item[name], name) : null;

    private static DateTimeOffset Time(AttributeValue value, string name) => TableTime.TryParse(value.S, out DateTimeOffset time)
        ? time
        : throw new FormatException($"{name}: '{value.S}' is not a time of the form {TableTime.Format}");

    // An unknown reason must not hide that the certificate is revoked.
    private static RevocationReason Reason(Dictionary<string, AttributeValue> item) =>
        item.Text(Attributes.RevocationReason) is { } name && RevocationReasons.TryParse(name, out RevocationReason reason)
            ? reason
            : RevocationReason.Unspecified;

    private static List<DateTimeOffset> Reminders(Dictionary<string, AttributeValue> item) => item.Has(Attributes.ExpiryReminders)
        ? [.. (item[Attributes.ExpiryReminders].L ?? throw new FormatException($"{Attributes.ExpiryReminders} is not a list"))
            .Select(at => Time(at, Attributes.ExpiryReminders))]
        : [];

    private static FormatException Missing(string name) => new($"{name} is missing, and the certificate cannot be read");
}
