using System.Globalization;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Inspection;

/// <summary>Writes rows of the inventory for people and for spreadsheets.</summary>
internal static class InventoryReport
{
    private const int SerialHead = 8; // digits of a shortened serial number; our decision: 14 digits tell even 100,000 numbers apart
    private const int SerialTail = 6;

    // What is given up, in this order, until the lines fit.
    private static readonly Fit[] Fits =
    [
        new(ShortSerials: false, DatesOnly: false, IssuedAndSource: true),
        new(ShortSerials: true, DatesOnly: false, IssuedAndSource: true),
        new(ShortSerials: true, DatesOnly: true, IssuedAndSource: true),
        new(ShortSerials: true, DatesOnly: true, IssuedAndSource: false),
    ];

    /// <summary>Builds the table for people.</summary>
    /// <param name="rows">The lines, from the top.</param>
    /// <param name="width">The columns that the lines should fit in: serial numbers are shortened, then times, and then columns
    /// are left out; names never are. Null: everything is shown.</param>
    public static TextTable Table(IReadOnlyList<InventoryRow> rows, int? width)
    {
        TextTable table = Table(rows, Fits[0]);
        for (int place = 1; place < Fits.Length && width is { } most && table.Width > most; place++)
        {
            table = Table(rows, Fits[place]);
        }

        return table;
    }

    /// <summary>Says how many certificates there are, and how many of them are listed.</summary>
    public static string CountLine(InventoryList list) =>
        list.Count == 0 ? "no certificates"
        : list.Rows.Count < list.Count ? string.Create(CultureInfo.InvariantCulture, $"{list.Rows.Count} of {list.Count} certificates")
        : list.Count == 1 ? "1 certificate"
        : string.Create(CultureInfo.InvariantCulture, $"{list.Count} certificates");

    /// <summary>Writes lines for spreadsheets, comma-separated with a heading (RFC 4180, but with line feeds, as other text on
    /// standard output).</summary>
    public static string Csv(IReadOnlyList<InventoryRow> rows) => CsvText.Of(
    [
        ["CommonName", "SerialNumber", "Issued", "Expires", "Status", "DaysLeft", "Source", "Revoked", "Reason"],
        .. rows.Select(row => (IReadOnlyList<string>)
        [
            row.CommonName, row.SerialNumber.ToString(), Rfc3339.Text(row.Issued), Rfc3339.Text(row.Expires), CertificateStatuses.Name(row.Status),
            DaysText(row), row.SourceText,
            row.Revoked is { } revoked ? Rfc3339.Text(revoked.At) : "", row.Revoked is { } why ? RevocationReasons.Name(why.Reason) : "",
        ]),
    ]);

    /// <summary>Returns a status in one word.</summary>
    public static Cell StatusCell(CertificateStatus status) => new(CertificateStatuses.Name(status), status switch
    {
        CertificateStatus.Revoked => Tone.Bad,
        CertificateStatus.Expired => Tone.Warning,
        _ => Tone.Good,
    });

    private static TextTable Table(IReadOnlyList<InventoryRow> rows, Fit fit)
    {
        string[] headings = ["Name", "Serial number", "Issued", "Expires", "Days left", "Status", "Source"];
        bool Shown(int column) => fit.IssuedAndSource || headings[column] is not ("Issued" or "Source");
        var table = new TextTable([.. headings.Where((_, column) => Shown(column))]);
        foreach (InventoryRow row in rows)
        {
            Cell[] cells =
            [
                row.CommonName, SerialText(row.SerialNumber, fit), TimeText(row.Issued, fit), TimeText(row.Expires, fit),
                row.IsExpired ? "" : DaysText(row), StatusCell(row.Status), row.SourceText,
            ];
            table.Add([.. cells.Where((_, column) => Shown(column))]);
        }

        return table;
    }

    private static string SerialText(SerialNumber number, Fit fit) =>
        number.ToString() is { Length: > SerialHead + SerialTail + 1 } digits && fit.ShortSerials ? $"{digits[..SerialHead]}…{digits[^SerialTail..]}" : number.ToString();

    private static string TimeText(DateTimeOffset time, Fit fit) =>
        fit.DatesOnly ? time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : TableTime.Text(time);

    private static string DaysText(InventoryRow row) => row.DaysLeft.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Fit(bool ShortSerials, bool DatesOnly, bool IssuedAndSource);
}
