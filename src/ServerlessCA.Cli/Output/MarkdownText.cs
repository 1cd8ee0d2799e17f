using System.Text;
using System.Text.RegularExpressions;

namespace ServerlessCA.Cli.Output;

/// <summary>Makes text from anyone safe in Markdown, such as a comment on a pull request: a common name must make no column, no
/// HTML, no link, no image, and mention nobody. Words that cannot do any of that stay as they are; everything else stands in a
/// code span, where GitHub and GitLab act on nothing. What would end a cell or a span is written as <c>\u007c</c>.</summary>
internal static partial class MarkdownText
{
    /// <summary>Writes a sentence for a cell of a table, on one line.</summary>
    public static string Cell(string text) => Parts().Replace(Printable.Line(text), part => Part(part.Value));

    /// <summary>Writes a name for a cell of a table, all of it in one code span.</summary>
    public static string Code(string text)
    {
        string shown = Printable.Line(text).Replace("|", @"\u007c", StringComparison.Ordinal).Replace("`", @"\u0060", StringComparison.Ordinal);
        return string.IsNullOrWhiteSpace(shown) ? "" : $"`{shown}`";
    }

    /// <summary>Lines as they are, in a block that none of them can end.</summary>
    /// <param name="language">How they are coloured, such as <c>diff</c>.</param>
    /// <param name="lines">The lines.</param>
    public static string Block(string language, IEnumerable<string> lines)
    {
        string[] shown = [.. lines.Select(Printable.Line)];
        string fence = new('`', Math.Max(3, shown.Select(LongestRun).DefaultIfEmpty().Max() + 1));
        var block = new StringBuilder($"{fence}{language}\n");
        foreach (string line in shown)
        {
            block.Append(line).Append('\n');
        }

        return block.Append(fence).Append('\n').ToString();
    }

    // What messages quote stands in a span without its quotes; the punctuation behind a word stands outside.
    private static string Part(string part)
    {
        if (part.Split(' ').All(word => word.Length == 0 || Harmless().IsMatch(word)))
        {
            return part;
        }

        string word = part.TrimEnd('.', ',', ';', ':', '?', ')');
        string inner = word.Length > 2 && word[0] == '\'' && word[^1] == '\'' ? word[1..^1] : word;
        return inner.Length == 0 ? part : Code(inner) + part[word.Length..];
    }

    private static int LongestRun(string line) => Backticks().Matches(line).Select(run => run.Length).DefaultIfEmpty().Max();

    // Something in quotes, or a word.
    [GeneratedRegex(@"'[^']*'[^ ]*|[^ ]+", RegexOptions.CultureInvariant)]
    private static partial Regex Parts();

    // Letters with a hyphen or an apostrophe between them, a short number or a time, in plain punctuation.
    [GeneratedRegex(@"\A['(""]*(\p{L}+([-']\p{L}+)*|[0-9]{1,4}([-:][0-9]{2}){0,2})?['"")]*[.,;:?]?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Harmless();

    [GeneratedRegex("`+")]
    private static partial Regex Backticks();
}
