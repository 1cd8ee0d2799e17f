using System.CommandLine;
using System.Globalization;
using System.Text;
using ServerlessCA.Core;

namespace ServerlessCA.Cli.Help;

/// <summary>Writes the pages of the manual from the same texts as the help: one for the program, one for each
/// command.</summary>
internal sealed class ManualPage(RootCommand root, OptionGroup globals)
{
    private const string Program = "serverless-ca";

    /// <summary>Returns the name of a command's page.</summary>
    public static string NameOf(Command command) => $"{Program}-{command.Name}";

    /// <summary>Writes the page of a command.</summary>
    public string Of(DocumentedCommand command)
    {
        Roff page = Begin(NameOf(command), command.Description!, HelpText.UsageOf(command));
        page.Section("Description").Text(command.Explanation);
        if (command.Arguments.Count > 0)
        {
            page.Section("Arguments");
            foreach (Argument argument in command.Arguments)
            {
                page.Term(argument.Name, Sentence(argument.Description ?? ""));
            }
        }

        page.Section("Options");
        foreach (OptionGroup group in command.Groups.Append(globals))
        {
            Options(page.Part(group.Title), group, command);
        }

        Examples(page, command.Examples);
        Rows(page.Section("Exit status"), Handbook.ExitCodes);
        return page.Section("See also").References([Program]).ToString();
    }

    /// <summary>Writes the page of the program.</summary>
    public string OfProgram()
    {
        Roff page = Begin(Program, root.Description!, HelpText.OverallUsage);
        page.Section("Description").Text(root.Description!)
            .Paragraph("Results go to standard output, everything else to standard error.");
        Rows(page.Section("Commands"), root.Subcommands.Select(command => (command.Name, command.Description ?? "")));
        Options(page.Section("Options"), globals);
        Examples(page, Handbook.FirstSession);
        Rows(page.Section("Exit status"), Handbook.ExitCodes);
        Rows(page.Section("Environment"), Handbook.Variables);
        Rows(page.Section("Files"), Handbook.Files);
        return page.Section("See also").References([.. root.Subcommands.Select(NameOf)]).ToString();
    }

    private static Roff Begin(string name, string summary, string usage)
    {
        Roff page = new Roff().Title(name, $"Serverless CA {Product.Version}");
        page.Section("Name").Text($"{name} - {summary.TrimEnd('.')}");
        return page.Section("Synopsis").Text(usage);
    }

    private static void Options(Roff page, OptionGroup group, DocumentedCommand? command = null) =>
        Rows(page, group.Options.Select(option => (HelpText.LabelOf(option, command), option.Description ?? "")));

    private static void Examples(Roff page, IReadOnlyList<Example> examples)
    {
        page.Section("Examples");
        for (int i = 0; i < examples.Count; i++)
        {
            _ = i > 0 ? page.Gap() : page;
            page.Typed(examples[i].CommandLine).Indented(examples[i].Meaning);
        }
    }

    private static void Rows(Roff page, IEnumerable<(string Label, string Description)> rows)
    {
        foreach ((string label, string description) in rows)
        {
            page.Term(label, Sentence(description));
        }
    }

    private static string Sentence(string words) => words.EndsWith('.') ? words : $"{words}.";
}

/// <summary>Builds a page with the macros of man(7), which groff and mandoc read.</summary>
internal sealed class Roff
{
    private readonly StringBuilder text = new();

    /// <summary>Returns the page so far.</summary>
    public override string ToString() => text.ToString();

    /// <summary>Adds the first lines, with the page's title.</summary>
    public Roff Title(string page, string product)
    {
        // There is no date: the same program always writes the same page.
        return Line($".TH \"{Escape(page.ToUpperInvariant())}\" 1 \"\" \"{Escape(product)}\"").Line(".nh").Line(".ad l");
    }

    /// <summary>Begins a section.</summary>
    public Roff Section(string heading) => Macro("SH", heading.ToUpperInvariant());

    /// <summary>Begins a section within a section.</summary>
    public Roff Part(string heading) => Macro("SS", heading);

    /// <summary>Adds a paragraph.</summary>
    public Roff Paragraph(string words) => Line(".PP").Text(words);

    /// <summary>Adds running text.</summary>
    public Roff Text(string words) => Line(Guard(Escape(words)));

    /// <summary>Adds words as they are to be typed, with their meaning indented below.</summary>
    public Roff Term(string term, string meaning) => Line(".TP").Line(Bold(term)).Text(meaning);

    /// <summary>Adds a command line as it is typed, which is never broken.</summary>
    public Roff Typed(string commandLine) => Line(".nf").Line(Guard(Escape(commandLine))).Line(".fi");

    /// <summary>Adds text, indented below a command line.</summary>
    public Roff Indented(string words) => Line(".RS 4").Text(words).Line(".RE");

    /// <summary>Adds an empty line.</summary>
    public Roff Gap() => Line(".sp");

    /// <summary>Adds references to other pages of section 1.</summary>
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
