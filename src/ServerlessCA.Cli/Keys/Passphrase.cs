namespace ServerlessCA.Cli.Keys;

/// <summary>Reads the passphrase for a new key file. It is never an argument: those show in lists of processes and in
/// shell histories.</summary>
internal static class Passphrase
{
    private const int MaxOctets = 4096; // our decision: more is not a passphrase but the wrong file

    /// <summary>From an environment variable.</summary>
    /// <exception cref="CommandFault">It is not set.</exception>
    public static string OfVariable(Surroundings here, string variable) => here.Variable(variable)
        ?? throw CommandFault.Usage(
            $"--key-passphrase-env {variable}: the variable is not set or empty", "set it, or leave the option out to write the key without a passphrase");

    /// <summary>From a file of one line.</summary>
    /// <exception cref="CommandFault">It cannot be read, or is something else.</exception>
    public static string OfFile(string path)
    {
        string content = Files.InputFile.Text(path, "--key-passphrase-file", MaxOctets).TrimEnd('\r', '\n');
        bool oneLine = content.Length > 0 && content.IndexOfAny(['\r', '\n', '\0']) < 0;
        return oneLine ? content : throw CommandFault.Usage(
            $"--key-passphrase-file '{path}' is empty or has more than one line", "write the passphrase into it, on one line");
    }
}
