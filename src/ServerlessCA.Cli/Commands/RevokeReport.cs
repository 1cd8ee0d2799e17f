using System.Globalization;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Cli.Output;
using ServerlessCA.Cli.Revoking;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Commands;

/// <summary>What <c>revoke</c> did, for people and for programs.</summary>
internal static class RevokeReport
{
    /// <summary>Of a revocation in the ledger.</summary>
    public static void Tell(Terminal terminal, RevokedNow revoked, bool json)
    {
        if (json)
        {
            terminal.Write(Json(revoked));
        }
        else
        {
            terminal.WriteTable(Table(revoked));
        }

        foreach (string warning in revoked.Warnings)
        {
            terminal.Warning(warning);
        }

        if (revoked.Outcome != RevokeOutcome.Revoked)
        {
            terminal.Notice(revoked.Outcome == RevokeOutcome.ReasonReplaced
                ? "it was revoked before: the date stays, the graver reason replaces the old one"
                : "it was revoked before: date and reason stay");
        }
    }

    /// <summary>Of an entry in the list of a GitOps folder.</summary>
    public static void Tell(Terminal terminal, RevocationEntry entry, string file, bool added, bool json)
    {
        if (json)
        {
            terminal.Write(JsonText.Object(writer =>
            {
                writer.WriteString("Status", added ? "Listed" : "ListedBefore");
                writer.WriteString("CommonName", entry.CommonName);
                writer.WriteString("SerialNumber", entry.SerialNumber.ToString());
                writer.WriteString("File", file);
            }));
        }
        else
        {
            terminal.WriteTable(new TextTable(columns: 2)
                .Add(added ? "Added to" : "Already in", file)
                .Add("Common name", entry.CommonName)
                .Add("Serial number", entry.SerialNumber.ToString()));
        }

        terminal.Hint(added
            ? "commit the file: the next run of its folder revokes the certificate"
            : "the entry stays as it is: the next run of its folder revokes the certificate, if none has");
    }

    /// <summary>That a name alone does not tell which certificate is meant.</summary>
    public static void TellSeveral(Terminal terminal, IReadOnlyList<InventoryRow> rows)
    {
        terminal.Error(string.Create(CultureInfo.InvariantCulture, $"that may be any of {rows.Count} certificates; none was revoked"), null);
        int width = rows.Max(row => row.SerialNumber.ToString().Length);
        foreach (InventoryRow row in rows)
        {
            terminal.Notice($"  {row.CommonName}  {row.SerialNumber.ToString().PadRight(width)}  {TableTime.Text(row.Issued)} to {TableTime.Text(row.Expires)}  {InventoryReport.StatusCell(row.Status).Text}");
        }

        terminal.Hint("say which: NAME --serial NUMBER");
    }

    private static TextTable Table(RevokedNow revoked)
    {
        TextTable table = new TextTable(columns: 2)
            .Add("Revoked", revoked.Row.CommonName)
            .Add("Serial number", revoked.Row.SerialNumber.ToString())
            .Add("Since", $"{TableTime.Text(revoked.Revocation.At)} UTC")
            .Add("Reason", RevocationReasons.Name(revoked.Revocation.Reason));
        return table.Add("CRL", revoked.Crl is { } crl
            ? string.Create(CultureInfo.InvariantCulture, $"{crl.File}, number {crl.Number}")
            : "none names it: it has expired, or its CA is gone");
    }

    private static string Json(RevokedNow revoked) => JsonText.Object(writer =>
    {
        writer.WriteString("Status", revoked.Outcome.ToString());
        writer.WriteString("CommonName", revoked.Row.CommonName);
        writer.WriteString("SerialNumber", revoked.Row.SerialNumber.ToString());
        writer.WriteString("Revoked", Rfc3339.Text(revoked.Revocation.At));
        writer.WriteString("Reason", RevocationReasons.Name(revoked.Revocation.Reason));
        writer.WriteString("Crl", revoked.Crl?.File);
        if (revoked.Crl is { } crl)
        {
            writer.WriteNumber("CrlNumber", crl.Number);
        }

        JsonText.WriteTexts(writer, "Warnings", revoked.Warnings);
    });
}
