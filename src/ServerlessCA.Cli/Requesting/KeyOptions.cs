using System.CommandLine;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Options;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The options of the key that is made.</summary>
internal sealed class KeyOptions(Surroundings here)
{
    private const string FileOption = "--key-passphrase-file";

    private readonly Option<string> type = Choice.Of(
        "--key-type", "TYPE", $"Kind of the key that is made: {string.Join(", ", SubjectKeyType.Names)} (default {SubjectKeyType.Default})",
        SubjectKeyType.Names, SubjectKeyType.Default);

    private readonly Option<string?> variable = new("--key-passphrase-env")
    {
        HelpName = "VARIABLE",
        Description = "Environment variable with a passphrase to encrypt the key file with (default: not encrypted)",
    };

    private readonly Option<string?> file = new(FileOption)
    {
        HelpName = "FILE",
        Description = "File with such a passphrase, on one line, or - for standard input",
    };

    /// <summary>For the help.</summary>
    public IReadOnlyList<Option> All => [type, variable, file];

    /// <summary>Whether one of them was given: without a key to make that is a mistake.</summary>
    public bool AreGiven(ParseResult parsed) => parsed.GetResult(type) is { Implicit: false }
        || parsed.GetValue(variable) is not null || parsed.GetValue(file) is not null;

    /// <summary>The kind of key.</summary>
    public SubjectKeyType TypeOf(ParseResult parsed) => SubjectKeyType.Of(parsed.GetRequiredValue(type));

    /// <summary>Makes a key.</summary>
    public SubjectKey Generate(ParseResult parsed) => TypeOf(parsed).Generate();

    /// <summary>Says if standard input is wanted twice.</summary>
    /// <exception cref="CommandFault">It is.</exception>
    public void ExpectInputBeside(ParseResult parsed, string? request)
    {
        if (request == AnyInput.Standard && parsed.GetValue(file) == AnyInput.Standard)
        {
            throw CommandFault.Usage($"--file and {FileOption} are both standard input", "name a file for one of them");
        }
    }

    /// <summary>The passphrase; null when the key file is not to be encrypted.</summary>
    /// <exception cref="CommandFault">It cannot be had.</exception>
    public async Task<string?> ReadPassphraseAsync(ParseResult parsed, CancellationToken cancellation) => (parsed.GetValue(variable), parsed.GetValue(file)) switch
    {
        (null, null) => null,
        ({ } name, null) => Passphrase.OfVariable(here, name),
        (null, { } path) => await Passphrase.OfFileAsync(here, path, FileOption, cancellation),
        _ => throw CommandFault.Usage("--key-passphrase-env and --key-passphrase-file are both given", "give one of them"),
    };
}
