using System.CommandLine;
using System.Reflection;
using ServerlessCA.Cli.Help;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>completion</c>, which writes the script by which a shell completes command lines.</summary>
internal static class CompletionCommand
{
    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here)
    {
        var shell = new Argument<string>("SHELL") { Description = $"One of {string.Join(", ", ShellScript.Shells)}" };
        shell.CompletionSources.Add(ShellScript.Shells);
        var command = new DocumentedCommand("completion", "Write the script that makes a shell complete command lines")
        {
            Explanation = "Once the shell has read the script, the Tab key completes commands, options, fixed values, files and folders. "
                + "The script asks this program, so it need not be made anew after an update.",
            Examples =
            [
                new("serverless-ca completion bash > ~/.local/share/bash-completion/completions/serverless-ca", "For bash, with the package bash-completion."),
                new("serverless-ca completion fish > ~/.config/fish/completions/serverless-ca.fish", "For fish."),
                new("serverless-ca completion powershell >> $PROFILE", "For PowerShell."),
            ],
        };
        command.Add(shell);
        command.SetAction(parsed =>
        {
            string requested = parsed.GetRequiredValue(shell);
            if (!ShellScript.Shells.Contains(requested, StringComparer.Ordinal))
            {
                string hint = Suggestion.Nearest(requested, ShellScript.Shells) is { } meant ? $"did you mean '{meant}'?" : $"choose from {string.Join(", ", ShellScript.Shells)}";
                throw CommandFault.Usage($"shell '{requested}' is unknown", hint);
            }

            here.Terminal.Write(ShellScript.For(requested));
            return ExitCode.Done;
        });
        return command;
    }
}

/// <summary>Holds the scripts by which shells complete command lines. They call this program for suggestions, so they stay
/// the same when commands change.</summary>
internal static class ShellScript
{
    /// <summary>The shells that have a script.</summary>
    public static readonly string[] Shells = ["bash", "zsh", "fish", "powershell"];

    /// <summary>Reads the script of one of the <see cref="Shells"/>.</summary>
    public static string For(string shell)
    {
        using Stream script = Assembly.GetExecutingAssembly().GetManifestResourceStream($"completion.{shell}")!;
        using var reader = new StreamReader(script);
        return reader.ReadToEnd();
    }
}
