using System.CommandLine;
using ServerlessCA.Core;

namespace ServerlessCA.Cli.Help;

/// <summary>Writes the pages of the manual from what the help knows: one of the program, one of each command.</summary>
internal sealed class ManualPage(RootCommand root, OptionGroup globals)
{
    private const string Program = "serverless-ca";

    /// <summary>The name of a command's page.</summary>
    public static string NameOf(Command command) => $"{Program}-{command.Name}";

    /// <summary>The page of a command.</summary>
    public string Of(TaughtCommand command)
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
            Options(page.Part(group.Title), group);
        }

        Examples(page, command.Examples);
        Rows(page.Section("Exit status"), Handbook.ExitCodes);
        return page.Section("See also").References([Program]).ToString();
    }

    /// <summary>The page of the program.</summary>
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

    private static void Options(Roff page, OptionGroup group) =>
        Rows(page, group.Options.Select(option => (HelpText.LabelOf(option), option.Description ?? "")));

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
