using System.CommandLine;
using System.CommandLine.Invocation;
using ServerlessCA.Cli.Options;

namespace ServerlessCA.Cli.Help;

/// <summary><c>--help</c>, and the program without arguments.</summary>
internal sealed class HelpAction(Terminal terminal, GlobalOptions globals, bool clearsParseErrors) : SynchronousCommandLineAction
{
    private static readonly Example[] FirstSession =
    [
        new("serverless-ca run", "Makes a root CA, an issuing CA and their CRLs in ./.serverless-ca."),
        new("serverless-ca request --common-name client.example.com", "Makes a key and gets a certificate for it, in ~/certs."),
        new("serverless-ca list", "Shows what was issued."),
    ];

    /// <inheritdoc/>
    public override bool ClearsParseErrors => clearsParseErrors;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var help = new HelpText(terminal.Width);
        terminal.Write(parseResult.CommandResult.Command is TaughtCommand command
            ? help.Of(command, globals.Group)
            : help.Overview((RootCommand)parseResult.RootCommandResult.Command, FirstSession, globals.Group));
        return ExitCode.Done;
    }
}
