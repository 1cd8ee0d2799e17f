using System.Globalization;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Cli.Inspection;

/// <summary>Writes everything about one certificate for people, for <c>show</c>.</summary>
internal static class DetailsReport
{
    /// <summary>Collects the details of a row of the ledger.</summary>
    /// <exception cref="CommandFault">Its certificate cannot be read.</exception>
    public static CertificateDetails Of(CertificateRecord record, DateTimeOffset now) => CertificateDetails.Of(record, now)
        ?? throw CommandFault.Fault(
            $"the certificate in the row of '{record.CommonName}', serial number {record.SerialNumber}, cannot be read",
            "restore the ledger from a backup");

    /// <summary>Builds the table.</summary>
    public static TextTable Table(CertificateDetails details, DateTimeOffset now)
    {
        TextTable table = new TextTable(columns: 2)
            .Add("Common name", details.Record.CommonName)
            .Add("Status", StatusText(details, now));
        FactsReport.AddTo(table, details.Facts);
        return table.Add("Reminders", ReminderText(details.Record));
    }

    private static Cell StatusText(CertificateDetails details, DateTimeOffset now)
    {
        double days = Math.Round(Math.Abs((details.Record.Expires - now).TotalDays));
        string detail = details.Record.Revoked is { } revoked
            ? $"{TableTime.Text(revoked.At)} UTC, {RevocationReasons.Name(revoked.Reason)}"
            : details.Row.IsExpired ? string.Create(CultureInfo.InvariantCulture, $"{days} days ago")
            : string.Create(CultureInfo.InvariantCulture, $"{days} days left");
        Cell status = InventoryReport.StatusCell(details.Row.Status);
        return status with { Text = $"{status.Text}, {detail}" };
    }

    private static string ReminderText(CertificateRecord record) => (record.NotifyExpiry, record.ExpiryReminders) switch
    {
        (_, { Count: > 0 } times) => $"sent on {string.Join(", ", times.Select(TableTime.Text))}",
        (true, _) => "on, none sent yet",
        (false, _) => "off",
        _ => "none",
    };
}

/// <summary>Writes the contents of a certificate for people.</summary>
internal static class FactsReport
{
    /// <summary>Adds rows from the serial number to the fingerprints.</summary>
    public static void AddTo(TextTable table, CertificateFacts facts)
    {
        AddContentsTo(table.Add("Serial number", facts.SerialNumber.ToString()).Add("", facts.SerialNumberHex), facts);
        table.Add("SHA-256", facts.Sha256).Add("SHA-1", facts.Sha1);
    }

    /// <summary>Adds rows from the subject to the last extension, as they are known before anything is signed.</summary>
    public static void AddContentsTo(TextTable table, CertificateFacts facts)
    {
        table.Add("Subject", facts.Subject)
            .Add("Issuer", facts.Issuer)
            .Add("Valid from", $"{TableTime.Text(facts.NotBefore)} UTC")
            .Add("Valid to", $"{TableTime.Text(facts.NotAfter)} UTC")
            .Add("Key", facts.KeyText);
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
}
