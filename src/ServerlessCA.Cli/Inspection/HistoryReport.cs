using ServerlessCA.Cli.Output;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Inspection;

/// <summary>Writes entries of the history for people.</summary>
internal static class HistoryReport
{
    private const string FromRow = "(from the row)";

    /// <summary>Builds the table.</summary>
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

    private static Cell KindCell(HistoryKind kind) => kind switch
    {
        HistoryKind.Refused => new Cell("refused", Tone.Warning),
        HistoryKind.Revoked => new Cell("revoked", Tone.Bad),
        HistoryKind.Crl => new Cell("CRL published", Tone.Good),
        _ => HistoryKinds.Name(kind),
    };
}
