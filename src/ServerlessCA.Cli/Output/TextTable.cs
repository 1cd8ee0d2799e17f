using System.Globalization;
using System.Text;

namespace ServerlessCA.Cli.Output;

/// <summary>A table for people: columns aligned, no cell ever cut, so that serial numbers can be copied.</summary>
internal sealed class TextTable
{
    private readonly List<IReadOnlyList<Cell>> rows = [];

    /// <summary>A table without a heading, such as a list of facts.</summary>
    public TextTable(int columns) => Columns = columns;

    /// <summary>A table with a heading.</summary>
    public TextTable(params IReadOnlyList<string> headings)
    {
        Columns = headings.Count;
        Headings = headings;
    }

    /// <summary>How many.</summary>
    public int Columns { get; }

    /// <summary>One for each column, or none at all.</summary>
    public IReadOnlyList<string> Headings { get; } = [];

    /// <summary>From the top.</summary>
    public IReadOnlyList<IReadOnlyList<Cell>> Rows => rows;

    /// <summary>Blanks before each line.</summary>
    public int Indent { get; init; }

    /// <summary>Adds a row at the end.</summary>
    public TextTable Add(params IReadOnlyList<Cell> cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Count, Columns);
        rows.Add(cells);
        return this;
    }
}

/// <summary>A cell of a table. Immutable.</summary>
/// <param name="Text">May come from anyone: the terminal escapes it.</param>
/// <param name="Tone">How it is meant.</param>
internal readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
{
    /// <summary>A plain cell; nothing for null.</summary>
    public static implicit operator Cell(string? text) => new(text ?? "");
}

/// <summary>How a word is meant; a terminal shows it by colour. Colour never says anything that the text does not.</summary>
internal enum Tone
{
    /// <summary>As it is.</summary>
    Plain,

    /// <summary>Went well.</summary>
    Good,

    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>Went wrong.</summary>
    Bad,

    /// <summary>Beside the point.</summary>
    Faint,
}

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
