using System.Text.Json;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Inspection;

/// <summary>The inventory, for people and for programs.</summary>
internal static class InventoryReport
{
    /// <summary>For people.</summary>
    public static TextTable Table(IEnumerable<InventoryRow> rows)
    {
        var table = new TextTable("Name", "Serial number", "Issued", "Expires", "Status");
        foreach (InventoryRow row in rows)
        {
            table.Add(row.CommonName, row.SerialNumber.ToString(), TableTime.Text(row.Issued), TableTime.Text(row.Expires), StatusCell(row.Status));
        }

        return table;
    }

    /// <summary>For programs.</summary>
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

    /// <summary>A status in one word.</summary>
    public static Cell StatusCell(CertificateStatus status) => status switch
    {
        CertificateStatus.Revoked => new("revoked", Tone.Bad),
        CertificateStatus.Expired => new("expired", Tone.Warning),
        CertificateStatus.Authority => new("CA", Tone.Good),
        _ => new("valid", Tone.Good),
    };

    /// <summary>As members of an object.</summary>
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
