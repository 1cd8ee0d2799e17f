using System.Globalization;
using System.Text;

namespace ServerlessCA.Cli.Help;

/// <summary>Writes a page with the macros of man(7), as groff and mandoc read them.</summary>
internal sealed class Roff
{
    private readonly StringBuilder text = new();

    /// <summary>The page so far.</summary>
    public override string ToString() => text.ToString();

    /// <summary>The first line.</summary>
    public Roff Title(string page, string product)
    {
        // No date: the same program writes the same page whenever it is asked.
        return Line($".TH \"{Escape(page.ToUpperInvariant())}\" 1 \"\" \"{Escape(product)}\"").Line(".nh").Line(".ad l");
    }

    /// <summary>A section.</summary>
    public Roff Section(string heading) => Macro("SH", heading.ToUpperInvariant());

    /// <summary>A section within a section.</summary>
    public Roff Part(string heading) => Macro("SS", heading);

    /// <summary>A paragraph.</summary>
    public Roff Paragraph(string words) => Line(".PP").Text(words);

    /// <summary>Running text.</summary>
    public Roff Text(string words) => Line(Guard(Escape(words)));

    /// <summary>Words as they are to be typed, and what they mean, indented.</summary>
    public Roff Term(string term, string meaning) => Line(".TP").Line(Bold(term)).Text(meaning);

    /// <summary>A command line as it is typed; never broken.</summary>
    public Roff Typed(string commandLine) => Line(".nf").Line(Guard(Escape(commandLine))).Line(".fi");

    /// <summary>Text indented below what was typed.</summary>
    public Roff Indented(string words) => Line(".RS 4").Text(words).Line(".RE");

    /// <summary>An empty line.</summary>
    public Roff Gap() => Line(".sp");

    /// <summary>References to other pages of section 1.</summary>
    public Roff References(IReadOnlyList<string> pages)
    {
        for (int i = 0; i < pages.Count; i++)
        {
            Line($".BR {Escape(pages[i])} (1){(i < pages.Count - 1 ? "," : "")}");
        }

        return this;
    }

    private Roff Macro(string name, string words) => Line($".{name} \"{Escape(words)}\"");

    private static string Bold(string words) => $"\\fB{Escape(words)}\\fR";

    private Roff Line(string line)
    {
        text.Append(line).Append('\n');
        return this;
    }

    // A line that begins with a dot or an apostrophe would be a request.
    private static string Guard(string line) => line is ['.' or '\'', ..] ? $"\\&{line}" : line;

    private static string Escape(string words)
    {
        var escaped = new StringBuilder(words.Length);
        foreach (Rune rune in words.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => escaped.Append(@"\(rs"),
                '-' => escaped.Append(@"\-"),
                '\'' => escaped.Append(@"\(aq"),
                '"' => escaped.Append(@"\(dq"),
                '`' => escaped.Append(@"\(ga"),
                '^' => escaped.Append(@"\(ha"),
                '~' => escaped.Append(@"\(ti"),
                > '~' => escaped.Append(CultureInfo.InvariantCulture, $@"\[u{rune.Value:X4}]"),
                _ => escaped.Append((char)rune.Value),
            };
        }

        return escaped.ToString();
    }
}
