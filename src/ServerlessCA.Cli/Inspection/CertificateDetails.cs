using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Inspection;

/// <summary>Everything about one certificate, for <c>show</c>.</summary>
internal sealed class CertificateDetails
{
    private readonly CertificateRecord record;
    private readonly Certificate certificate;
    private readonly InventoryRow row;
    private readonly DateTimeOffset now;
    private readonly ExtensionText[] extensions;

    private CertificateDetails(CertificateRecord record, Certificate certificate, DateTimeOffset now)
    {
        this.record = record;
        this.certificate = certificate;
        this.now = now;
        row = InventoryRow.Of(record, now);
        extensions = [.. certificate.Extensions.Select(extension => ExtensionText.Of(certificate, extension))];
    }

    /// <summary>Of a row of the ledger.</summary>
    /// <exception cref="CommandFault">Its certificate cannot be read.</exception>
    public static CertificateDetails Of(CertificateRecord record, DateTimeOffset now) =>
        Certificate.TryDecodePem(record.CertificatePem, out Certificate? certificate)
            ? new CertificateDetails(record, certificate, now)
            : throw CommandFault.Fault(
                $"the certificate in the row of '{record.CommonName}', serial number {record.SerialNumber}, cannot be read",
                "restore the ledger from a backup");

    /// <summary>For people.</summary>
    public TextTable Table()
    {
        TextTable table = new TextTable(columns: 2)
            .Add("Common name", record.CommonName)
            .Add("Status", StatusText())
            .Add("Serial number", record.SerialNumber.ToString())
            .Add("", HexOf(record.SerialNumber))
            .Add("Subject", GeneralNames.Name(certificate.SubjectDer))
            .Add("Issuer", GeneralNames.Name(certificate.IssuerDer))
            .Add("Valid from", $"{TableTime.Text(certificate.NotBefore)} UTC")
            .Add("Valid to", $"{TableTime.Text(certificate.NotAfter)} UTC")
            .Add("Key", KeyText());
        foreach (ExtensionText extension in extensions)
        {
            string label = extension.Name;
            foreach (string value in extension.Values)
            {
                table.Add(label, extension.Critical && label.Length > 0 ? $"{value} (critical)" : value);
                label = "";
            }
        }

        table.Add("SHA-256", Fingerprint(SHA256.HashData(certificate.Der.Span)));
        table.Add("SHA-1", Fingerprint(Sha1()));
        return table.Add("Reminders", ReminderText());
    }

    /// <summary>For programs: as members of an object.</summary>
    public void WriteMembers(Utf8JsonWriter writer)
    {
        InventoryReport.WriteMembers(writer, row);
        writer.WriteString("SerialNumberHex", HexOf(record.SerialNumber));
        writer.WriteString("Subject", GeneralNames.Name(certificate.SubjectDer));
        writer.WriteString("Issuer", GeneralNames.Name(certificate.IssuerDer));
        writer.WriteString("Key", KeyText());
        writer.WriteStartArray("Extensions");
        foreach (ExtensionText extension in extensions)
        {
            writer.WriteStartObject();
            writer.WriteString("Name", extension.Name);
            writer.WriteString("Oid", extension.Oid);
            writer.WriteBoolean("Critical", extension.Critical);
            JsonText.WriteTexts(writer, "Values", extension.Values);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("Sha256", Fingerprint(SHA256.HashData(certificate.Der.Span)));
        writer.WriteString("Sha1", Fingerprint(Sha1()));
        if (record.NotifyExpiry is { } notify)
        {
            writer.WriteBoolean("NotifyExpiry", notify);
        }

        JsonText.WriteTexts(writer, "ExpiryReminders", record.ExpiryReminders.Select(TableTime.Text));
        writer.WriteString("Certificate", record.CertificatePem);
    }

    private Cell StatusText()
    {
        double days = Math.Round(Math.Abs((record.Expires - now).TotalDays));
        string detail = record.Revoked is { } revoked
            ? $"{TableTime.Text(revoked.At)} UTC, {Core.Revocation.RevocationReasons.Name(revoked.Reason)}"
            : row.IsExpired ? string.Create(CultureInfo.InvariantCulture, $"{days} days ago")
            : string.Create(CultureInfo.InvariantCulture, $"{days} days left");
        return row.Status with { Text = $"{row.Status.Text}, {detail}" };
    }

    private string KeyText() => certificate.PublicKey switch
    {
        { Algorithm: PublicKeyAlgorithm.Rsa, ModulusBits: { } bits } => string.Create(CultureInfo.InvariantCulture, $"RSA, {bits} bits"),
        { Algorithm: PublicKeyAlgorithm.EcP256 } => "EC, P-256",
        { Algorithm: PublicKeyAlgorithm.EcP384 } => "EC, P-384",
        { Algorithm: PublicKeyAlgorithm.EcP521 } => "EC, P-521",
        { Algorithm: PublicKeyAlgorithm.MlDsa44 } => "ML-DSA-44",
        { Algorithm: PublicKeyAlgorithm.MlDsa65 } => "ML-DSA-65",
        { Algorithm: PublicKeyAlgorithm.MlDsa87 } => "ML-DSA-87",
        { Algorithm: var other } => other.ToString(),
        null => "of a kind that this version does not accept",
    };

    private string ReminderText() => (record.NotifyExpiry, record.ExpiryReminders) switch
    {
        (_, { Count: > 0 } times) => $"sent on {string.Join(", ", times.Select(TableTime.Text))}",
        (true, _) => "on, none sent yet",
        (false, _) => "off",
        _ => "none",
    };

    private static string HexOf(SerialNumber serial) => Fingerprint(serial.Value.ToByteArray(isUnsigned: true, isBigEndian: true));

    private static string Fingerprint(byte[] octets) => string.Join(':', octets.Select(octet => octet.ToString("X2", CultureInfo.InvariantCulture)));

    [SuppressMessage("Security", "CA5350", Justification = "A fingerprint to compare with what other programs show, not a protection.")]
    private byte[] Sha1() => SHA1.HashData(certificate.Der.Span);
}
