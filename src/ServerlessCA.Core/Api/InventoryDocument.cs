using System.Text.Json;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Api;

/// <summary>Writes and reads the document of <c>list</c> (docs/json.md).</summary>
public static class InventoryDocument
{
    /// <summary>Writes the members.</summary>
    public static void Write(Utf8JsonWriter writer, InventoryList list)
    {
        writer.WriteNumber("Count", list.Count);
        JsonText.WriteList(writer, "Certificates", list.Rows, row => WriteRow(writer, row));
        if (list.Next is { } next)
        {
            writer.WriteString("Next", next);
        }
    }

    /// <summary>Reads the document.</summary>
    /// <exception cref="UnreadableDocumentException">It is not such a document.</exception>
    public static InventoryList Read(ReadOnlyMemory<byte> utf8) => DocumentReader.Read(utf8, document =>
        new InventoryList(document.List("Certificates", ReadRow), document.Count("Count"), WholeTable: null) { Next = document.TextOrNull("Next") });

    /// <summary>Writes what <c>list</c> and <c>show</c> both say of a certificate.</summary>
    internal static void WriteMembers(Utf8JsonWriter writer, InventoryRow row)
    {
        writer.WriteString("CommonName", row.CommonName);
        writer.WriteString("SerialNumber", row.SerialNumber.ToString());
        writer.WriteString("Issued", Rfc3339.Text(row.Issued));
        writer.WriteString("Expires", Rfc3339.Text(row.Expires));
        writer.WriteString("Status", CertificateStatuses.Name(row.Status));
        if (row.Revoked is { } revoked)
        {
            writer.WriteString("Revoked", Rfc3339.Text(revoked.At));
            writer.WriteString("Reason", RevocationReasons.Name(revoked.Reason));
        }
    }

    /// <summary>Writes how a certificate was requested, unless it is that of a CA.</summary>
    internal static void WriteSource(Utf8JsonWriter writer, InventoryRow row)
    {
        if (row.SourceText is { Length: > 0 } source)
        {
            writer.WriteString("Source", source);
        }
    }

    private static void WriteRow(Utf8JsonWriter writer, InventoryRow row)
    {
        WriteMembers(writer, row);
        writer.WriteNumber("DaysLeft", row.DaysLeft);
        WriteSource(writer, row);
    }

    // Of a CA alone no source is written.
    private static InventoryRow ReadRow(DocumentReader row)
    {
        string? source = row.TextOrNull("Source");
        var line = new CertificateLine
        {
            CommonName = row.Text("CommonName"),
            SerialNumber = row.Serial("SerialNumber"),
            Issued = row.Time("Issued"),
            Expires = row.Time("Expires"),
            Revoked = row.RevocationOrNull("Revoked", "Reason"),
            IsCa = source is null,
            Source = IssueSources.OfName(source),
        };
        return InventoryRow.OfAnswer(line, row.Word("Status", CertificateStatuses.OfName), row.Count("DaysLeft"));
    }
}
