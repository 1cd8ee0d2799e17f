using System.Globalization;
using System.Text;

namespace ServerlessCA.Cli.Output;

/// <summary>Lays out tables that are too large for the console's library, which takes seconds for a megabyte: plain,
/// without colours, in time that grows with the size alone.</summary>
internal static class LargeTable
{
    private const int Characters = 1 << 15; // our decision: below, nobody feels the difference
    private const int MaxWidth = 200; // columns; our decision: one long name must not widen ten thousand lines

    /// <summary>Whether a table is one.</summary>
    public static bool Is(TextTable table) => table.Rows.Sum(row => row.Sum(cell => (long)cell.Text.Length)) > Characters;

    /// <summary>The lines.</summary>
    /// <param name="table">The table.</param>
    /// <param name="gap">Blanks between columns.</param>
    public static string Render(TextTable table, int gap)
    {
        List<string[]> rows = [.. table.Rows.Select(row => row.Select(cell => Printable.Line(cell.Text)).ToArray())];
        if (table.Headings.Count > 0)
        {
            rows.Insert(0, [.. table.Headings.Select(heading => heading.ToUpperInvariant())]);
        }

        int[] widths = [.. Enumerable.Range(0, table.Columns).Select(column => rows.Select(row => WidthOf(row[column])).Where(width => width <= MaxWidth).DefaultIfEmpty().Max())];
        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            int last = Array.FindLastIndex(row, cell => !string.IsNullOrWhiteSpace(cell));
            text.Append(' ', last < 0 ? 0 : table.Indent);
            for (int column = 0; column < last; column++)
            {
                text.Append(row[column]).Append(' ', Math.Max(0, widths[column] - WidthOf(row[column])) + gap);
            }

            text.Append(last < 0 ? "" : row[last].TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    private static int WidthOf(string text) =>
        text.Length > MaxWidth * 2 || Ascii.IsValid(text) ? text.Length : new StringInfo(text).LengthInTextElements;
}
