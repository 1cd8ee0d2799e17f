using System.Text;
using System.Text.Json;

namespace ServerlessCA.Benchmarks.Results;

/// <summary>What one benchmark measured: sections for people, and figures by name, with which targets are compared. Immutable.</summary>
internal sealed record BenchmarkResult
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true };

    /// <summary>When it ended.</summary>
    public DateTimeOffset Measured { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>How many processes wanted a processor in the minute before it began (proc(5), loadavg); 0 where that is unknown.</summary>
    public double LoadBefore { get; init; }

    public required IReadOnlyList<ResultSection> Sections { get; init; }

    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    /// <summary>Names and versions of other programs that took part.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>Reads one that <see cref="Save"/> wrote.</summary>
    /// <returns>Null when there is no such file.</returns>
    public static BenchmarkResult? Read(string file) =>
        File.Exists(file) ? JsonSerializer.Deserialize<BenchmarkResult>(File.ReadAllBytes(file), Options) : null;

    public void Save(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(this, Options));
    }

    /// <summary>Returns the sections, without a line at the end.</summary>
    public string Markdown() => string.Join("\n\n", Sections.Select(section => section.Markdown()));
}

/// <summary>A heading, paragraphs, which may be empty, and a table, unless there are no columns. Immutable.</summary>
internal sealed record ResultSection(string Title, string Text, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    public string Markdown()
    {
        var page = new StringBuilder($"## {Title}\n");
        if (Text.Length > 0)
        {
            page.Append('\n').Append(Text).Append('\n');
        }

        if (Columns.Count > 0)
        {
            page.Append('\n').Append(Row(Columns)).Append(Row([.. Columns.Select(_ => "---")])).AppendJoin("", Rows.Select(Row));
        }

        return page.ToString().TrimEnd('\n');
    }

    private static string Row(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells)} |\n";
}
