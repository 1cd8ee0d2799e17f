using System.CommandLine;
using System.Text;
using ServerlessCA.Cli.Options;

namespace ServerlessCA.Cli.Help;

/// <summary>Writes the help of a command and the overview of all.</summary>
internal sealed class HelpText(int width)
{
    /// <summary>The usage line of the whole program.</summary>
    public const string OverallUsage = "serverless-ca COMMAND [options]";

    private const int Indent = 2; // blanks
    private const int MaxLabel = 34; // columns; longer labels get a line of their own
    private const int MaxWidth = 100; // columns: longer lines are hard to read

    private readonly StringBuilder text = new();
    private readonly int columns = Math.Clamp(width, 60, MaxWidth);

    /// <summary>Writes the help of one command.</summary>
    public string Of(DocumentedCommand command, OptionGroup globals)
    {
        text.Clear();
        Paragraph($"{command.Description}.", 0);
        text.Append('\n');
        Paragraph(command.Explanation, 0);
        Heading("Usage");
        Line(UsageOf(command));
        Rows("Arguments", command.Arguments.Select(argument => (argument.Name, argument.Description ?? "")));
        foreach (OptionGroup group in command.Groups.Append(globals))
        {
            Rows(group.Title, group.Options.Select(option => (LabelOf(option, command), option.Description ?? "")));
        }

        Heading("Examples");
        foreach (Example example in command.Examples)
        {
            Line($"$ {example.CommandLine}");
            Paragraph(example.Meaning, 3 * Indent);
        }

        return text.ToString().TrimEnd() + "\n";
    }

    /// <summary>Writes the overview of all commands, with a first session.</summary>
    public string Overview(RootCommand root, OptionGroup globals)
    {
        text.Clear();
        Paragraph(root.Description!, 0);
        Heading("Usage");
        Line(OverallUsage);
        Rows("Commands", root.Subcommands.Select(command => (command.Name, command.Description ?? "")));
        Heading("A first session");
        foreach (Example example in Handbook.FirstSession)
        {
            Line($"$ {example.CommandLine}");
            Paragraph(example.Meaning, 3 * Indent);
        }

        Rows(globals.Title, globals.Options.Select(option => (LabelOf(option), option.Description ?? "")));
        Rows("Exit codes", Handbook.ExitCodes);
        text.Append('\n');
        Paragraph("'serverless-ca COMMAND --help' shows more, with examples. Results go to standard output, everything else to standard error.", 0);
        return text.ToString().TrimEnd() + "\n";
    }

    /// <summary>Returns the usage line of a command.</summary>
    public static string UsageOf(DocumentedCommand command)
    {
        string arguments = string.Concat(command.Arguments.Select(argument =>
            argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.Name}]" : $" {argument.Name}"));
        return $"serverless-ca {command.Name}{arguments} [options]";
    }

    /// <summary>Returns an option as the help shows it, with its alias and its value.</summary>
    /// <param name="option">The option.</param>
    /// <param name="command">The command whose help it is, which may take more formats; null: the help of the program.</param>
    public static string LabelOf(Option option, DocumentedCommand? command = null)
    {
        string alias = string.Concat(option.Aliases.Where(alias => alias.Length == 2).Select(alias => $"{alias}, "));
        string more = option.Name == GlobalOptions.OutputName && command is not null ? string.Concat(command.MoreFormats.Select(format => $"|{format}")) : "";
        string value = option.ValueType == typeof(bool) ? "" : $" {option.HelpName}{more}";
        return $"{alias}{option.Name}{value}";
    }

    private void Heading(string title) => text.Append('\n').Append(title).Append(":\n");

    private void Line(string line) => text.Append(' ', Indent).Append(line).Append('\n');

    private void Rows(string title, IEnumerable<(string Label, string Description)> rows)
    {
        (string Label, string Description)[] all = [.. rows];
        if (all.Length == 0)
        {
            return;
        }

        Heading(title);
        int labelWidth = Math.Min(MaxLabel, all.Max(row => row.Label.Length));
        int left = labelWidth + (2 * Indent);
        foreach ((string label, string description) in all)
        {
            text.Append(' ', Indent).Append(label);
            text.Append(label.Length > labelWidth ? "\n" + new string(' ', left) : new string(' ', left - Indent - label.Length));
            Wrap(description, left);
        }
    }

    private void Paragraph(string words, int left)
    {
        text.Append(' ', left);
        Wrap(words, left);
    }

    private void Wrap(string words, int left)
    {
        int at = left;
        foreach (string word in words.Split(' '))
        {
            if (at > left && at + 1 + word.Length > columns)
            {
                text.Append('\n').Append(' ', left);
                at = left;
            }
            else if (at > left)
            {
                text.Append(' ');
                at++;
            }

            text.Append(word);
            at += word.Length;
        }

        text.Append('\n');
    }
}
