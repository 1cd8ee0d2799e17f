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
