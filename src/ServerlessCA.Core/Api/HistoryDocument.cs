using System.Text.Json;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Api;

/// <summary>Writes and reads the document of <c>history</c> (docs/json.md).</summary>
public static class HistoryDocument
{
    /// <summary>Writes the members.</summary>
    public static void Write(Utf8JsonWriter writer, FoundHistory found)
    {
        JsonText.WriteList(writer, "Entries", found.Entries, entry => Write(writer, entry));
        writer.WriteBoolean("HasMore", found.HasMore);
    }

    /// <summary>Reads the document. Its entries have no ids of their own.</summary>
    /// <exception cref="UnreadableDocumentException">It is not such a document.</exception>
    public static FoundHistory Read(ReadOnlyMemory<byte> utf8) => DocumentReader.Read(utf8, document =>
        new FoundHistory(document.List("Entries", Read), document.Flag("HasMore")));

    private static void Write(Utf8JsonWriter writer, HistoryEntry entry)
    {
        writer.WriteString("Time", Rfc3339.Text(entry.At));
        writer.WriteString("Kind", HistoryKinds.Name(entry.Kind));
        foreach ((string name, string? text) in ((string, string?)[])
            [("CommonName", entry.CommonName), ("SerialNumber", entry.SerialNumber?.ToString()), ("CA", entry.Ca), ("By", entry.By)])
        {
            if (text is not null)
            {
                writer.WriteString(name, text);
            }
        }

        writer.WriteString("Details", entry.Details);
        writer.WriteBoolean("FromRow", entry.IsFromRow);
    }

    private static HistoryEntry Read(DocumentReader entry) => new()
    {
        Id = "",
        At = entry.Time("Time"),
        Kind = entry.Word("Kind", HistoryKinds.Find),
        CommonName = entry.TextOrNull("CommonName"),
        SerialNumber = entry.SerialOrNull("SerialNumber"),
        Ca = entry.TextOrNull("CA"),
        By = entry.TextOrNull("By"),
        Details = entry.Text("Details"),
        IsFromRow = entry.Flag("FromRow"),
    };
}
