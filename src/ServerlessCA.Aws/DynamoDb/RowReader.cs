using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>Reads rows, our own and the original's. What is missing is taken from the certificate where that can be; a
/// row that says something else than a time, a number or a list where one belongs is reported, never guessed at.</summary>
internal sealed class RowReader(string table)
{
    /// <exception cref="LedgerUnavailableException">Somebody changed the row.</exception>
    public CertificateRecord Read(Dictionary<string, AttributeValue> item)
    {
        try
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
                Revoked = Time(item, Attributes.Revoked) is { } at ? new CertificateRevocation(at, Reason(item)) : null,
                CrlNumber = item.Has(Attributes.CrlNumber)
                    ? long.Parse(item[Attributes.CrlNumber].N ?? "", NumberStyles.None, CultureInfo.InvariantCulture) : null,
                NotifyExpiry = item.Has(Attributes.NotifyExpiry) ? item[Attributes.NotifyExpiry].BOOL : null,
                ExpiryReminders = Reminders(item),
                PublicKeyHash = item.Text(Attributes.PublicKeyHash) is { } hash ? KeyHash.FromHex(hash) : null,
                IssuerKeyId = item.Text(Attributes.IssuerKeyId),
            };
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

    // Binary with base64 text, as the original writes it; a row that was put in by hand may have the PEM itself.
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
