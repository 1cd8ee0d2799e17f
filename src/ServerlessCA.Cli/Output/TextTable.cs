using System.Globalization;
using System.Text;

namespace ServerlessCA.Cli.Output;

/// <summary>A table for people. Columns are aligned and no cell is ever cut, so that serial numbers can be copied.</summary>
internal sealed class TextTable
{
    /// <summary>The number of blanks between columns.</summary>
    public const int Gap = 2;

    private readonly List<IReadOnlyList<Cell>> rows = [];

    /// <summary>Makes a table without a heading, such as a list of facts.</summary>
    public TextTable(int columns) => Columns = columns;

    /// <summary>Makes a table with a heading.</summary>
    public TextTable(params IReadOnlyList<string> headings)
    {
        Columns = headings.Count;
        Headings = headings;
    }

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>The headings: one for each column, or none at all.</summary>
    public IReadOnlyList<string> Headings { get; } = [];

    /// <summary>The rows, from the top.</summary>
    public IReadOnlyList<IReadOnlyList<Cell>> Rows => rows;

    /// <summary>The columns that its longest line may take, at most.</summary>
    public int Width => Indent + (Gap * (Columns - 1)) + Enumerable.Range(0, Columns).Sum(column =>
        Rows.Select(row => Printable.Line(row[column].Text).Length).Append(Headings.Count > 0 ? Headings[column].Length : 0).Max());

    /// <summary>The number of blanks before each line.</summary>
    public int Indent { get; init; }

    /// <summary>Adds a row at the end.</summary>
    public TextTable Add(params IReadOnlyList<Cell> cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Count, Columns);
        rows.Add(cells);
        return this;
    }
}

/// <summary>A cell of a table, which is text with a tone. Immutable.</summary>
/// <param name="Text">The text, which may come from any source: the terminal escapes it.</param>
/// <param name="Tone">How the text is meant.</param>
internal readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
{
    /// <summary>Makes a plain cell, which is empty for null.</summary>
    public static implicit operator Cell(string? text) => new(text ?? "");
}

/// <summary>Says how a word is meant, which a terminal shows by colour. Colour never says anything that the text does
/// not.</summary>
internal enum Tone
{
    /// <summary>The text has no special meaning.</summary>
    Plain,

    /// <summary>It went well.</summary>
    Good,

    /// <summary>It is worth a look.</summary>
    Warning,

    /// <summary>It went wrong.</summary>
    Bad,

    /// <summary>It matters less than the rest.</summary>
    Faint,
}

/// <summary>Renders tables that are too large for the console's library, which takes seconds for a megabyte. They have no
/// colours, and the time grows only in proportion to the size.</summary>
internal static class LargeTable
{
    private const int Characters = 1 << 15; // our decision: below that nobody notices the difference
    private const int MaxWidth = 200; // columns; our decision: one long name must not widen ten thousand lines

    /// <summary>Says whether a table is too large for the library.</summary>
    public static bool Is(TextTable table) => table.Rows.Sum(row => row.Sum(cell => (long)cell.Text.Length)) > Characters;

    /// <summary>Renders a table.</summary>
    /// <param name="table">The table to render.</param>
    /// <param name="gap">The number of blanks between columns.</param>
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
