using System.CommandLine;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Security;
using ServerlessCA.Cli.Files;

namespace ServerlessCA.Cli.Keys;

/// <summary>Holds and reads the two options that give a passphrase: one names a variable, the other a file.</summary>
/// <param name="here">Has the environment variables and standard input.</param>
/// <param name="prefix">The beginning of the options' names, such as <c>--key-passphrase</c>.</param>
/// <param name="use">What the passphrase is for, a phrase in the help.</param>
internal sealed class PassphraseOptions(Surroundings here, string prefix, string use)
{
    private readonly Option<string?> variable = new($"{prefix}-env")
    {
        HelpName = "VARIABLE",
        Description = $"Environment variable with a passphrase {use}",
    };

    private readonly Option<string?> file = new($"{prefix}-file")
    {
        HelpName = "FILE",
        Description = "File with such a passphrase, on one line, or - for standard input",
    };

    /// <summary>Both options, for the help.</summary>
    public IReadOnlyList<Option> All => [variable, file];

    /// <summary>The name of the option that names a file.</summary>
    public string FileOption => file.Name;

    /// <summary>Says whether one of them was given.</summary>
    public bool AreGiven(ParseResult parsed) => parsed.GetValue(variable) is not null || parsed.GetValue(file) is not null;

    /// <summary>Returns the file; null when it was not given.</summary>
    public string? FileOf(ParseResult parsed) => parsed.GetValue(file);

    /// <summary>Reads the passphrase; null when neither option was given.</summary>
    /// <exception cref="CommandFault">Both were given, or the passphrase cannot be read.</exception>
    public async Task<string?> ReadAsync(ParseResult parsed, CancellationToken cancellation) => (parsed.GetValue(variable), parsed.GetValue(file)) switch
    {
        (null, null) => null,
        ({ } name, null) => Passphrase.OfVariable(here, name, variable.Name),
        (null, { } path) => await Passphrase.OfFileAsync(here, path, file.Name, cancellation),
        _ => throw CommandFault.Usage($"{variable.Name} and {file.Name} are both given", "give one of them"),
    };
}

/// <summary>Reads passphrases. They are never arguments, as arguments show in lists of processes and in shell
/// histories.</summary>
internal static class Passphrase
{
    private const int MaxOctets = 4096; // our decision: more is not a passphrase but the wrong file

    /// <summary>Makes a new one, which nobody has to type: 32 random octets in hexadecimal (our decision).</summary>
    public static string Generate() => Convert.ToHexStringLower(SecureRandom.GetNextBytes(new SecureRandom(new CryptoApiRandomGenerator()), 32));

    /// <summary>Reads one from an environment variable.</summary>
    /// <exception cref="CommandFault">It is not set or empty.</exception>
    public static string OfVariable(Surroundings here, string variable, string option) => here.Variable(variable)
        ?? throw CommandFault.Usage($"{option} {variable}: the variable is not set or empty", "set it, or leave the option out to do without a passphrase");

    /// <summary>Reads one from a file of one line, or from standard input.</summary>
    /// <exception cref="CommandFault">It cannot be read, is empty or has several lines.</exception>
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
