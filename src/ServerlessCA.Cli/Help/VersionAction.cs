using System.CommandLine;
using System.CommandLine.Invocation;

namespace ServerlessCA.Cli.Help;

/// <summary><c>--version</c>.</summary>
internal sealed class VersionAction(Terminal terminal) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        terminal.WriteLine($"serverless-ca {typeof(VersionAction).Assembly.GetName().Version?.ToString(3)}");
        return ExitCode.Done;
    }
}
