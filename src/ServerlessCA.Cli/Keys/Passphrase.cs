using ServerlessCA.Cli.Files;

namespace ServerlessCA.Cli.Keys;

/// <summary>Reads a passphrase for a file. It is never an argument: those show in lists of processes and in
/// shell histories.</summary>
internal static class Passphrase
{
    private const int MaxOctets = 4096; // our decision: more is not a passphrase but the wrong file

    /// <summary>From an environment variable.</summary>
    /// <exception cref="CommandFault">It is not set.</exception>
    public static string OfVariable(Surroundings here, string variable, string option) => here.Variable(variable)
        ?? throw CommandFault.Usage($"{option} {variable}: the variable is not set or empty", "set it, or leave the option out to do without a passphrase");

    /// <summary>From a file of one line, or from standard input.</summary>
    /// <exception cref="CommandFault">It cannot be read, or is something else.</exception>
    public static async Task<string> OfFileAsync(Surroundings here, string path, string option, CancellationToken cancellation)
    {
        bool isInput = path == AnyInput.Standard;
        if (isInput && here.Terminal.InputIsSeen)
        {
            throw CommandFault.Usage(
                $"{option} -: standard input is a terminal, which would show the passphrase", "pipe it in; or in a shell: read -rs P; export P, then the option that ends in -env: P");
        }

        string content = InputFile.TextOf(await AnyInput.ReadAsync(path, option, MaxOctets, here, cancellation), $"{option} '{path}'");
        content = content.TrimEnd('\r', '\n');
        bool oneLine = content.Length > 0 && content.IndexOfAny(['\r', '\n', '\0']) < 0;
        return oneLine ? content : throw CommandFault.Usage(
            $"{option} '{path}' is empty or has more than one line", "write the passphrase into it, on one line");
    }
}
