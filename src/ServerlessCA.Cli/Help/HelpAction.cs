using System.CommandLine;
using System.CommandLine.Invocation;
using ServerlessCA.Cli.Options;

namespace ServerlessCA.Cli.Help;

/// <summary><c>--help</c>, and the program without arguments.</summary>
internal sealed class HelpAction(Terminal terminal, GlobalOptions globals, bool clearsParseErrors) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => clearsParseErrors;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var help = new HelpText(terminal.Width);
        terminal.Write(parseResult.CommandResult.Command is TaughtCommand command
            ? help.Of(command, globals.Group)
            : help.Overview((RootCommand)parseResult.RootCommandResult.Command, globals.Group));
        return ExitCode.Done;
    }
}
