using System.Text.RegularExpressions;

namespace ServerlessCA.HowTo.Tests;

/// <summary>Holds a page of <c>docs/how-to</c>: its fenced blocks, in their order.</summary>
internal sealed partial record HowToPage(string Name, IReadOnlyList<HowToBlock> Blocks)
{
    /// <summary>Is the folder of the pages.</summary>
    public static string Folder { get; } = Repository.At("docs", "how-to");

    /// <summary>Reads a page.</summary>
    /// <param name="name">The name of its file without <c>.md</c>.</param>
    public static HowToPage Read(string name)
    {
        var blocks = new List<HowToBlock>();
        string heading = "", before = "";
        using var lines = File.ReadLines(Path.Combine(Folder, $"{name}.md")).GetEnumerator();
        while (lines.MoveNext())
        {
            string line = lines.Current;
            if (Fence().Match(line) is { Success: true } fence)
            {
                var text = new List<string>();
                while (lines.MoveNext() && lines.Current != "```")
                {
                    text.Add(lines.Current);
                }

                Match file = FileName().Match(before);
                blocks.Add(new HowToBlock(heading, fence.Groups[1].Value, string.Join('\n', text) + "\n", file.Success ? file.Groups[1].Value : null));
                before = "";
            }
            else if (line.StartsWith('#'))
            {
                (heading, before) = (line.TrimStart('#', ' '), "");
            }
            else if (line.Length > 0)
            {
                before = line;
            }
        }

        return new HowToPage(name, blocks);
    }

    [GeneratedRegex("^```([a-z]+)$")]
    private static partial Regex Fence();

    // The sentence before a block names the file that the block is.
    [GeneratedRegex("[Tt]his is (?:the whole of )?`([^`]+)`:$")]
    private static partial Regex FileName();
}

/// <summary>Holds a fenced block of a page.</summary>
/// <param name="Heading">The heading above it.</param>
/// <param name="Language">The word behind the fence.</param>
/// <param name="Text">Its lines.</param>
/// <param name="File">The file that the sentence before it names (<c>This is `nginx.conf`:</c>), or null.</param>
internal sealed record HowToBlock(string Heading, string Language, string Text, string? File)
{
    /// <summary>Says whether the block is run rather than written into a file.</summary>
    public bool IsRun => File is null && Language is "sh" or "console";

    /// <summary>Returns the commands of a block with a session, each with the lines that it writes.</summary>
    public IEnumerable<(string Command, string[] Output)> Commands()
    {
        string? command = null;
        var output = new List<string>();
        bool more = false;
        foreach (string line in Text.TrimEnd('\n').Split('\n'))
        {
            if (more)
            {
                command += "\n" + line;
            }
            else if (line.StartsWith("$ ", StringComparison.Ordinal))
            {
                if (command is not null)
                {
                    yield return (command, [.. output.AsEnumerable().Reverse().SkipWhile(line => line.Length == 0).Reverse()]);
                }

                (command, more) = (line[2..], true);
                output.Clear();
            }
            else
            {
                output.Add(line);
            }

            more = more && line.EndsWith('\\');
        }

        yield return (command!, [.. output.AsEnumerable().Reverse().SkipWhile(line => line.Length == 0).Reverse()]);
    }
}
