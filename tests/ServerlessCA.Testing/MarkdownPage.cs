using System.Text.RegularExpressions;

namespace ServerlessCA.Testing;

/// <summary>Reads a page of the documentation: its fenced blocks, headings, links and words in code font. Immutable.</summary>
public sealed partial class MarkdownPage
{
    // Folders that builds and package managers fill.
    private static readonly string[] Made = ["bin", "obj", "node_modules", "artifacts", "TestResults"];

    private MarkdownPage(string path, string text)
    {
        Path = path;
        Text = text;
        (Blocks, string prose) = Split(path, text);
        Anchors = AnchorsOf(prose);
        CodeSpans = [.. CodeSpan().Matches(prose).Select(span => new PageText(LineOf(prose, span.Index), span.Groups["code"].Value))];
        string linked = CodeSpan().Replace(prose, span => Regex.Replace(span.Value, @"[^\n]", "x"));
        Links = [.. Link().Matches(linked).Select(link => new PageText(LineOf(linked, link.Index), link.Groups["target"].Value))];
        IndentedCode = [.. IndentedBlock().Matches(prose).Select(block => LineOf(prose, block.Groups["code"].Index))];
    }

    /// <summary>Every page of the repository, by path.</summary>
    public static IReadOnlyList<MarkdownPage> All { get; } =
        [.. Files(new DirectoryInfo(Repository.Root)).Select(Read).OrderBy(page => page.Path, StringComparer.Ordinal)];

    /// <summary>The path from the repository on, with forward slashes.</summary>
    public string Path { get; }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>The fenced blocks, in order.</summary>
    public IReadOnlyList<MarkdownBlock> Blocks { get; }

    /// <summary>What links can name behind <c>#</c>: a name for each heading, as GitHub makes it.</summary>
    public IReadOnlySet<string> Anchors { get; }

    /// <summary>The words in code font, outside of blocks.</summary>
    public IReadOnlyList<PageText> CodeSpans { get; }

    /// <summary>The targets of links and pictures.</summary>
    public IReadOnlyList<PageText> Links { get; }

    /// <summary>The lines, from 1, where code is marked by its indentation alone, which names no language.</summary>
    public IReadOnlyList<int> IndentedCode { get; }

    /// <summary>Returns the page of a path.</summary>
    public static MarkdownPage At(string path) => All.Single(page => page.Path == path);

    /// <summary>Reads a page out of a text.</summary>
    public static MarkdownPage Parse(string path, string text) => new(path, text);

    private static MarkdownPage Read(FileInfo file) =>
        new(System.IO.Path.GetRelativePath(Repository.Root, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName));

    private static IEnumerable<FileInfo> Files(DirectoryInfo folder) => folder.EnumerateFiles("*.md").Concat(folder.EnumerateDirectories()
        .Where(inside => !Made.Contains(inside.Name) && !inside.Name.StartsWith('.')).SelectMany(Files));

    // Lines of blocks are left empty in the prose, so that its lines have their numbers.
    private static (IReadOnlyList<MarkdownBlock> Blocks, string Prose) Split(string path, string text)
    {
        var blocks = new List<MarkdownBlock>();
        var prose = new List<string>();
        string[] lines = text.Split('\n');
        for (int at = 0; at < lines.Length; at++)
        {
            if (Fence().Match(lines[at]) is not { Success: true } fence)
            {
                prose.Add(lines[at]);
                continue;
            }

            int begin = at;
            var inside = new List<string>();
            int indent = fence.Groups["indent"].Length;
            for (at++; at < lines.Length && lines[at].Trim() != fence.Groups["fence"].Value; at++)
            {
                inside.Add(lines[at][Math.Min(indent, lines[at].Length - lines[at].TrimStart().Length)..]);
            }

            prose.AddRange(Enumerable.Repeat("", Math.Min(at, lines.Length - 1) - begin + 1));
            blocks.Add(new MarkdownBlock(path, begin + 1, fence.Groups["language"].Value.Trim(), string.Concat(inside.Select(line => $"{line}\n"))));
        }

        return (blocks, string.Join('\n', prose));
    }

    private static HashSet<string> AnchorsOf(string prose)
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        foreach (Match heading in Heading().Matches(prose))
        {
            string name = Linked().Replace(heading.Groups["text"].Value, link => link.Groups["text"].Value).Trim().ToLowerInvariant();
            name = string.Concat(name.Where(one => char.IsLetterOrDigit(one) || one is ' ' or '-' or '_')).Replace(' ', '-');
            for (int again = 0; !anchors.Add(again == 0 ? name : $"{name}-{again}"); again++)
            {
            }
        }

        return anchors;
    }

    private static int LineOf(string text, int index) => text.AsSpan(0, index).Count('\n') + 1;

    [GeneratedRegex("^(?<indent> *)(?<fence>```+|~~~+)(?<language>[^`]*)$")]
    private static partial Regex Fence();

    [GeneratedRegex("^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\([^)]*\)")]
    private static partial Regex Linked();

    [GeneratedRegex("(?<!`)(?<fence>`+)(?!`)(?<code>.+?)(?<!`)\\k<fence>(?!`)", RegexOptions.Singleline)]
    private static partial Regex CodeSpan();

    [GeneratedRegex("""\[(?:[^\[\]]|\[[^\[\]]*\])*\]\((?<target>[^\s()]*(?:\([^()]*\)[^\s()]*)?)(?:\s+"[^"]*")?\)|^\[[^\]]+\]:\s+(?<target>\S+)|<(?<target>https?:[^>\s]+)>""", RegexOptions.Multiline)]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<=\n\n)(?<code> {4,}\S)")]
    private static partial Regex IndentedBlock();
}

/// <summary>Holds a fenced block of a page. Immutable.</summary>
/// <param name="Page">The page's path.</param>
/// <param name="Line">The line of its fence, from 1.</param>
/// <param name="Language">The word behind the fence; empty where there is none.</param>
/// <param name="Text">What it shows, every line with its end.</param>
public sealed record MarkdownBlock(string Page, int Line, string Language, string Text)
{
    /// <summary>Where it is, for messages.</summary>
    public override string ToString() => $"{Page}:{Line} ({Language})";
}

/// <summary>Holds a text of a page with its line, from 1. Immutable.</summary>
public sealed record PageText(int Line, string Text);
