using System.CommandLine;
using System.CommandLine.Invocation;
using ServerlessCA.Core;

namespace ServerlessCA.Cli.Help;

/// <summary><c>--version</c>.</summary>
internal sealed class VersionAction(Terminal terminal) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        terminal.WriteLine(Product.Text);
        return ExitCode.Done;
    }
}
