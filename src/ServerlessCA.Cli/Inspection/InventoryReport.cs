using System.Globalization;
using System.Text.Json;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Inspection;

/// <summary>Writes rows of the inventory, for people and for programs.</summary>
internal static class InventoryReport
{
    /// <summary>Builds the table for people.</summary>
    public static TextTable Table(IEnumerable<InventoryRow> rows)
    {
        var table = new TextTable("Name", "Serial number", "Issued", "Expires", "Status");
        foreach (InventoryRow row in rows)
        {
            table.Add(row.CommonName, row.SerialNumber.ToString(), TableTime.Text(row.Issued), TableTime.Text(row.Expires), StatusCell(row.Status));
        }

        return table;
    }

    /// <summary>Writes the object for programs.</summary>
    public static string Json(IEnumerable<InventoryRow> rows) => JsonText.Object(writer =>
    {
        writer.WriteStartArray("Certificates");
        foreach (InventoryRow row in rows)
        {
            writer.WriteStartObject();
            WriteMembers(writer, row);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    /// <summary>Returns a status in one word.</summary>
    public static Cell StatusCell(CertificateStatus status) => status switch
    {
        CertificateStatus.Revoked => new("revoked", Tone.Bad),
        CertificateStatus.Expired => new("expired", Tone.Warning),
        CertificateStatus.Authority => new("CA", Tone.Good),
        _ => new("valid", Tone.Good),
    };

    /// <summary>Writes a row as members of an object.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, InventoryRow row)
    {
        writer.WriteString("CommonName", row.CommonName);
        writer.WriteString("SerialNumber", row.SerialNumber.ToString());
        writer.WriteString("Issued", Rfc3339.Text(row.Issued));
        writer.WriteString("Expires", Rfc3339.Text(row.Expires));
        writer.WriteString("Status", StatusCell(row.Status).Text);
        if (row.Revoked is { } revoked)
        {
            writer.WriteString("Revoked", Rfc3339.Text(revoked.At));
            writer.WriteString("Reason", RevocationReasons.Name(revoked.Reason));
        }
    }
}

/// <summary>Writes everything about one certificate, for <c>show</c>.</summary>
internal sealed class CertificateDetails
{
    private readonly CertificateRecord record;
    private readonly CertificateFacts facts;
    private readonly InventoryRow row;
    private readonly DateTimeOffset now;

    private CertificateDetails(CertificateRecord record, Certificate certificate, DateTimeOffset now)
    {
        this.record = record;
        this.now = now;
        facts = CertificateFacts.Of(certificate);
        row = InventoryRow.Of(record, now);
    }

    /// <summary>Collects the details of a row of the ledger.</summary>
    /// <exception cref="CommandFault">Its certificate cannot be read.</exception>
    public static CertificateDetails Of(CertificateRecord record, DateTimeOffset now) =>
        record.Certificate is { } certificate
            ? new CertificateDetails(record, certificate, now)
            : throw CommandFault.Fault(
                $"the certificate in the row of '{record.CommonName}', serial number {record.SerialNumber}, cannot be read",
                "restore the ledger from a backup");

    /// <summary>Builds the table for people.</summary>
    public TextTable Table()
    {
        TextTable table = new TextTable(columns: 2)
            .Add("Common name", record.CommonName)
            .Add("Status", StatusText());
        FactsReport.AddTo(table, facts);
        return table.Add("Reminders", ReminderText());
    }

    /// <summary>Writes the details as members of an object, for programs.</summary>
    public void WriteMembers(Utf8JsonWriter writer)
    {
        InventoryReport.WriteMembers(writer, row);
        FactsReport.WriteMembers(writer, facts);
        if (record.NotifyExpiry is { } notify)
        {
            writer.WriteBoolean("NotifyExpiry", notify);
        }

        JsonText.WriteTexts(writer, "ExpiryReminders", record.ExpiryReminders.Select(Rfc3339.Text));
        writer.WriteString("Certificate", record.CertificatePem);
    }

    private Cell StatusText()
    {
        double days = Math.Round(Math.Abs((record.Expires - now).TotalDays));
        string detail = record.Revoked is { } revoked
            ? $"{TableTime.Text(revoked.At)} UTC, {Core.Revocation.RevocationReasons.Name(revoked.Reason)}"
            : row.IsExpired ? string.Create(CultureInfo.InvariantCulture, $"{days} days ago")
            : string.Create(CultureInfo.InvariantCulture, $"{days} days left");
        Cell status = InventoryReport.StatusCell(row.Status);
        return status with { Text = $"{status.Text}, {detail}" };
    }

    private string ReminderText() => (record.NotifyExpiry, record.ExpiryReminders) switch
    {
        (_, { Count: > 0 } times) => $"sent on {string.Join(", ", times.Select(TableTime.Text))}",
        (true, _) => "on, none sent yet",
        (false, _) => "off",
        _ => "none",
    };
}

/// <summary>Writes the contents of a certificate, for people and for programs.</summary>
internal static class FactsReport
{
    /// <summary>Adds rows from the serial number to the fingerprints, for people.</summary>
    public static void AddTo(TextTable table, CertificateFacts facts)
    {
        AddContentsTo(table.Add("Serial number", facts.SerialNumber.ToString()).Add("", facts.SerialNumberHex), facts);
        table.Add("SHA-256", facts.Sha256).Add("SHA-1", facts.Sha1);
    }

    /// <summary>For people: adds rows from the subject to the last extension, as they are known before anything is signed.</summary>
    public static void AddContentsTo(TextTable table, CertificateFacts facts)
    {
        table.Add("Subject", facts.Subject)
            .Add("Issuer", facts.Issuer)
            .Add("Valid from", $"{TableTime.Text(facts.NotBefore)} UTC")
            .Add("Valid to", $"{TableTime.Text(facts.NotAfter)} UTC")
            .Add("Key", KeyText(facts.Key));
        foreach (ExtensionFacts extension in facts.Extensions)
        {
            string label = extension.Name;
            foreach (string value in extension.Values)
            {
                table.Add(label, extension.Critical && label.Length > 0 ? $"{value} (critical)" : value);
                label = "";
            }
        }
    }

    /// <summary>Writes the contents as members of an object, for programs.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, CertificateFacts facts)
    {
        writer.WriteString("SerialNumberHex", facts.SerialNumberHex);
        WriteContents(writer, facts);
        writer.WriteString("Sha256", facts.Sha256);
        writer.WriteString("Sha1", facts.Sha1);
    }

    /// <summary>For programs: the members from the subject to the extensions, as they are known before anything is signed.</summary>
    public static void WriteContents(Utf8JsonWriter writer, CertificateFacts facts)
    {
        writer.WriteString("Subject", facts.Subject);
        writer.WriteString("Issuer", facts.Issuer);
        writer.WriteString("Key", KeyText(facts.Key));
        writer.WriteStartArray("Extensions");
        foreach (ExtensionFacts extension in facts.Extensions)
        {
            writer.WriteStartObject();
            writer.WriteString("Name", extension.Name);
            writer.WriteString("Oid", extension.Oid);
            writer.WriteBoolean("Critical", extension.Critical);
            JsonText.WriteTexts(writer, "Values", extension.Values);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Describes a key in words.</summary>
    public static string KeyText(PublicKey? key) => key is null ? "of a kind that this version does not accept" : KeyKind.TextOf(key);
}
