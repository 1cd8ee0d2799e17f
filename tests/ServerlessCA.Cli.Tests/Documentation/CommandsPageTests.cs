using System.Text;
using System.Text.RegularExpressions;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Output;

namespace ServerlessCA.Cli.Tests.Documentation;

/// <summary>Compares <c>docs/commands.md</c>, the reference of commands and options, with the command line. UPDATE_GOLDEN=1 writes it
/// anew.</summary>
public sealed partial class CommandsPageTests
{
    // Options of other programs, which pages explain: eng/shape, eng/release, awscli, the signing helper of IAM Roles Anywhere, the
    // benchmarks, eng/simulate, eng/audit, Stryker.
    private static readonly string[] OfOthers =
        ["--list", "--allow-dirty", "--key", "--endpoint-url", "--intermediates", "--short", "--from", "--replay", "--strict", "--test-runner"];

    [Fact]
    public void The_page_of_commands_is_written_from_the_command_line()
    {
        string file = Repository.At("docs", "commands.md");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, CommandsPage.Write());
        }

        Assert.Equal(CommandsPage.Write(), File.ReadAllText(file));
    }

    [Fact]
    public void Every_option_that_a_page_names_exists()
    {
        HashSet<string> known = [.. CommandsPage.Commands.SelectMany(command => command.Options).Concat(CommandsPage.EveryCommand.Options).Select(option => option.Name), .. OfOthers, "--help", "--version"];
        (string Page, int Line, string Option)[] named = [.. MarkdownPage.All.SelectMany(page => page.CodeSpans
            .Select(span => (page.Path, span.Line, Option: OptionInText().Match(span.Text).Value)).Where(span => span.Option.Length > 0))];

        Assert.True(named.Length > 200, $"{named.Length} options");
        Assert.DoesNotContain(named, span => !known.Contains(span.Option));
    }

    [Fact]
    public async Task Every_example_of_the_help_is_a_command_that_can_be_run()
    {
        string[] examples = [.. CommandsPage.Commands.SelectMany(command => command.Examples).Select(example => example.CommandLine)];
        var wrong = new List<string>();
        foreach (string example in examples)
        {
            foreach (string[] command in (await ShellScript.CommandsOfAsync(example)).Where(command => command[0] == "serverless-ca"))
            {
                wrong.AddRange(await CommandJudge.WhyNotAsync(command) is { } why ? [$"{example}: {why}"] : []);
            }
        }

        Assert.True(examples.Length > 50, $"{examples.Length} examples");
        Assert.Empty(wrong);
    }

    [GeneratedRegex("^--[a-z][a-z0-9-]*")]
    private static partial Regex OptionInText();
}

/// <summary>Writes <c>docs/commands.md</c> from the texts of the help.</summary>
internal static class CommandsPage
{
    private const string Head = """
        # Commands and options

        This is the reference of every command with all of its options, as `serverless-ca COMMAND --help` shows them. [cli.md](cli.md) shows
        the commands at work, with what they print.

        """;

    private const string Tail = """
        ## How this page is made

        It is written from the help of the commands. After a change there, run:

        ```sh
        dotnet build tests/ServerlessCA.Cli.Tests
        UPDATE_GOLDEN=1 tests/ServerlessCA.Cli.Tests/bin/Debug/net10.0/ServerlessCA.Cli.Tests -class '*.CommandsPageTests'
        ```

        """;

    private static readonly CommandLine Line = new(new Surroundings(new Terminal(TextWriter.Null, TextWriter.Null, TerminalTraits.Plain), TimeProvider.System, _ => null));

    /// <summary>The commands, in the order of the help.</summary>
    public static IReadOnlyList<DocumentedCommand> Commands { get; } = [.. Line.Root.Subcommands.OfType<DocumentedCommand>()];

    /// <summary>The options of every command.</summary>
    public static OptionGroup EveryCommand => Line.EveryCommand;

    /// <summary>Writes the whole page.</summary>
    public static string Write()
    {
        var page = new StringBuilder(Head).Append('\n');
        Rows(page, "command", Commands.Select(command => ($"[{command.Name}](#{command.Name})", command.Description!)), code: false);
        page.Append($"## {Line.EveryCommand.Title}\n\n");
        Options(page, Line.EveryCommand, command: null);
        page.Append("## Exit codes\n\n");
        Rows(page, "code", Handbook.ExitCodes);
        page.Append("## Variables of the environment\n\n");
        Rows(page, "variable", Handbook.Variables);
        page.Append("## Files\n\n");
        Rows(page, "file", Handbook.Files);
        foreach (DocumentedCommand command in Commands)
        {
            page.Append($"## {command.Name}\n\n{Escaped(command.Description!)}. {Escaped(command.Explanation)}\n\n`{HelpText.UsageOf(command)}`\n\n");
            if (command.Arguments.Count > 0)
            {
                Rows(page, "argument", command.Arguments.Select(argument => (argument.Name, argument.Description ?? "")));
            }

            foreach (OptionGroup group in command.Groups)
            {
                Options(page, group, command);
            }

            page.Append(string.Concat(command.Examples.Select(example => $"- `{example.CommandLine}`: {Escaped(example.Meaning)}\n"))).Append('\n');
        }

        return page.Append(Tail).ToString();
    }

    private static void Options(StringBuilder page, OptionGroup group, DocumentedCommand? command) =>
        Rows(page, group.Title.ToLowerInvariant(), group.Options.Select(option => (HelpText.LabelOf(option, command), option.Description ?? "")));

    private static void Rows(StringBuilder page, string title, IEnumerable<(string Label, string Description)> rows, bool code = true)
    {
        page.Append($"| {title} | meaning |\n| --- | --- |\n");
        foreach ((string label, string description) in rows)
        {
            page.Append($"| {(code ? $"`{label.Replace("|", "\\|", StringComparison.Ordinal)}`" : label)} | {Escaped(description)} |\n");
        }

        page.Append('\n');
    }

    // What Markdown would take for its own.
    private static string Escaped(string words) => string.Concat(words.Select(one => one is '|' or '*' or '<' or '_' or '[' or '`' ? $"\\{one}" : $"{one}"));
}
