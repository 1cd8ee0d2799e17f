using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>Reads docs/table.md, which says what the tables are: the adapters' tests compare it.</summary>
public static class TablePage
{
    /// <summary>Gets the whole page.</summary>
    public static string Text { get; } = File.ReadAllText(Repository.At("docs", "table.md"));

    /// <summary>Returns the cells of the rows of a table, without backticks.</summary>
    /// <param name="heading">The heading of its section.</param>
    /// <param name="head">The head of its first column.</param>
    public static IReadOnlyList<string[]> Rows(string heading, string head)
    {
        int section = Text.IndexOf($"# {heading}\n", StringComparison.Ordinal);
        int start = section < 0 ? -1 : Text.IndexOf($"\n| {head} |", section, StringComparison.Ordinal);
        Assert.True(start > 0, $"'{heading}' has no table of '{head}'");
        return [.. Text[(start + 1)..].Split('\n').TakeWhile(line => line.StartsWith('|')).Skip(2)
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Replace("`", "", StringComparison.Ordinal).Trim()).ToArray())];
    }
}
