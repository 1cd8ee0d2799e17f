using System.CommandLine;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Help;

/// <summary>Describes an error in a command line in one line, and suggests what may have been meant.</summary>
internal static class UsageErrors
{
    private const char LineBreak = '\n';

    /// <summary>Builds the message of a validator, which carries a hint, too.</summary>
    public static string Message(string what, string hint) => $"{what}{LineBreak}{hint}";

    /// <summary>Builds the fault of a command line's first error, as those that follow from it only confuse.</summary>
    public static CommandFault Of(ParseResult parsed, OptionGroup globals)
    {
        Command command = parsed.CommandResult.Command;
        string name = command is RootCommand ? "serverless-ca" : $"serverless-ca {command.Name}";
        string seeHelp = $"'{name} --help' tells how";
        if (parsed.UnmatchedTokens is not [string unknown, ..])
        {
            string[] lines = parsed.Errors[0].Message.TrimEnd('.').Split(LineBreak);
            return CommandFault.Usage(lines[0], lines.Length > 1 ? lines[1] : seeHelp);
        }

        if (unknown.StartsWith('-'))
        {
            IEnumerable<string> options = command.Options.Concat(globals.Options).Where(option => !option.Hidden).Select(option => option.Name);
            return CommandFault.Usage($"unknown option '{unknown}' of {name}", Meant(unknown.Split('=')[0], options) ?? seeHelp);
        }

        return command is RootCommand root
            ? UnknownCommand(root, unknown)
            : CommandFault.Usage($"{name} does not know what to do with '{unknown}'", seeHelp);
    }

    /// <summary>Builds the fault of an unknown command.</summary>
    public static CommandFault UnknownCommand(RootCommand root, string unknown) => CommandFault.Usage(
        $"unknown command '{unknown}'", Meant(unknown, root.Subcommands.Select(known => known.Name)) ?? "'serverless-ca' alone lists the commands");

    private static string? Meant(string typed, IEnumerable<string> known) =>
        Suggestion.Nearest(typed, known) is { } nearest ? $"did you mean '{nearest}'?" : null;
}
