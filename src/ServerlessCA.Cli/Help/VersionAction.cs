using System.CommandLine;
using System.CommandLine.Invocation;

namespace ServerlessCA.Cli.Help;

/// <summary><c>--version</c>.</summary>
internal sealed class VersionAction(Terminal terminal) : SynchronousCommandLineAction
{
    /// <summary>The product's: that of Directory.Build.props.</summary>
    public static string Version => typeof(VersionAction).Assembly.GetName().Version!.ToString(3);

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        terminal.WriteLine($"serverless-ca {Version}");
        return ExitCode.Done;
    }
}
