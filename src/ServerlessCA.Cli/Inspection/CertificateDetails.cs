using System.Globalization;
using System.Text.Json;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Inspection;

/// <summary>Everything about one certificate, for <c>show</c>.</summary>
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

    /// <summary>Of a row of the ledger.</summary>
    /// <exception cref="CommandFault">Its certificate cannot be read.</exception>
    public static CertificateDetails Of(CertificateRecord record, DateTimeOffset now) =>
        record.Certificate is { } certificate
            ? new CertificateDetails(record, certificate, now)
            : throw CommandFault.Fault(
                $"the certificate in the row of '{record.CommonName}', serial number {record.SerialNumber}, cannot be read",
                "restore the ledger from a backup");

    /// <summary>For people.</summary>
    public TextTable Table()
    {
        TextTable table = new TextTable(columns: 2)
            .Add("Common name", record.CommonName)
            .Add("Status", StatusText());
        FactsReport.AddTo(table, facts);
        return table.Add("Reminders", ReminderText());
    }

    /// <summary>For programs: as members of an object.</summary>
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
