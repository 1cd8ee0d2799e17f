using ServerlessCA.Cli.Output;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Inspection;

/// <summary>Writes entries of the history, for people and for programs.</summary>
internal static class HistoryReport
{
    private const string FromRow = "(from the row)";

    /// <summary>Builds the table for people.</summary>
    public static TextTable Table(IEnumerable<HistoryEntry> entries)
    {
        var table = new TextTable("When", "What", "Name", "Serial number", "Details", "By");
        foreach (HistoryEntry entry in entries)
        {
            table.Add(
                TableTime.Text(entry.At), KindCell(entry.Kind), entry.CommonName, entry.SerialNumber?.ToString(), entry.Details,
                entry.IsFromRow ? FromRow : entry.By);
        }

        return table;
    }

    /// <summary>Writes the object for programs.</summary>
    public static string Json(FoundHistory found) => JsonText.Object(writer =>
    {
        writer.WriteStartArray("Entries");
        foreach (HistoryEntry entry in found.Entries)
        {
            writer.WriteStartObject();
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
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteBoolean("HasMore", found.HasMore);
    });

    private static Cell KindCell(HistoryKind kind) => kind switch
    {
        HistoryKind.Refused => new Cell("refused", Tone.Warning),
        HistoryKind.Revoked => new Cell("revoked", Tone.Bad),
        HistoryKind.Crl => new Cell("CRL published", Tone.Good),
        _ => HistoryKinds.Name(kind),
    };
}
