using System.CommandLine;
using System.CommandLine.Invocation;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>help</c>, which writes the same as <c>--help</c>, and the pages of the manual.</summary>
internal static class HelpCommand
{
    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var about = new Argument<string?>("COMMAND") { Arity = ArgumentArity.ZeroOrOne, Description = "The command (default: all of them, in short)" };
        var manual = new Option<bool>("--man") { Description = "Write the page of the manual, for man" };
        var command = new DocumentedCommand("help", "Explain a command, as COMMAND --help does")
        {
            Explanation = "Shows what a command does, its options and examples. With --man it writes the same as a page of the manual; "
                + "that of the program itself also lists variables and files.",
            Examples =
            [
                new("serverless-ca help request", "Explains how certificates are requested."),
                new("serverless-ca help --man | man -l -", "Shows the manual."),
            ],
        };
        about.CompletionSources.Add(_ => command.Parents.OfType<RootCommand>().Single().Subcommands.Select(
            known => new System.CommandLine.Completions.CompletionItem(known.Name, detail: known.Description)));
        command.Add(about);
        command.Group("How", manual);
        command.SetAction(parsed =>
        {
            var root = (RootCommand)parsed.RootCommandResult.Command;
            DocumentedCommand? requested = parsed.GetValue(about) is { } name ? Find(root, name) : null;
            here.Terminal.Write(parsed.GetValue(manual) ? Page(root, requested, globals.Group) : Text(here.Terminal, root, requested, globals.Group));
            return ExitCode.Done;
        });
        return command;
    }

    private static DocumentedCommand Find(RootCommand root, string name) =>
        root.Subcommands.OfType<DocumentedCommand>().SingleOrDefault(command => command.Name == name) ?? throw UsageErrors.UnknownCommand(root, name);

    private static string Page(RootCommand root, DocumentedCommand? requested, OptionGroup globals)
    {
        var pages = new ManualPage(root, globals);
        return requested is null ? pages.OfProgram() : pages.Of(requested);
    }

    private static string Text(Terminal terminal, RootCommand root, DocumentedCommand? requested, OptionGroup globals)
    {
        var help = new HelpText(terminal.Width);
        return requested is null ? help.Overview(root, globals) : help.Of(requested, globals);
    }
}

/// <summary>Writes the help for <c>--help</c>, and the overview for the program without arguments.</summary>
internal sealed class HelpAction(Terminal terminal, GlobalOptions globals, bool clearsParseErrors) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => clearsParseErrors;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var help = new HelpText(terminal.Width);
        terminal.Write(parseResult.CommandResult.Command is DocumentedCommand command
            ? help.Of(command, globals.Group)
            : help.Overview((RootCommand)parseResult.RootCommandResult.Command, globals.Group));
        return ExitCode.Done;
    }
}
