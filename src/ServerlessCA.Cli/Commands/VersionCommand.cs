using System.CommandLine;
using System.CommandLine.Invocation;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>version</c>, which writes the version of the program.</summary>
internal static class VersionCommand
{
    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var command = new DocumentedCommand("version", "Show the version of this program")
        {
            Explanation = "Shows the same as --version. The functions of a CA on AWS have theirs in their descriptions and in the tag "
                + "serverless-ca-version; a served CA writes it to its log, and 'health' shows it.",
            Examples =
            [
                new("serverless-ca version", "Shows it."),
                new("serverless-ca version --output json", "The same for programs."),
            ],
        };
        command.SetAction(parsed =>
        {
            here.Terminal.Write(globals.IsJson(parsed) ? JsonText.Object(writer => writer.WriteString("Version", Product.Version)) : $"{Product.Text}\n");
            return ExitCode.Done;
        });
        return command;
    }
}

/// <summary>Writes the version for <c>--version</c>.</summary>
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
