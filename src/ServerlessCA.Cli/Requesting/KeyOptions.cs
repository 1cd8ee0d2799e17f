using System.CommandLine;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Options;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The options of the key that is made.</summary>
internal sealed class KeyOptions(Surroundings here)
{
    private readonly Option<string> type = Choice.Of(
        "--key-type", "TYPE", $"Kind of the key that is made: {string.Join(", ", SubjectKeyType.Names)} (default {SubjectKeyType.Default})",
        SubjectKeyType.Names, SubjectKeyType.Default);

    private readonly Option<string?> variable = new("--key-passphrase-env")
    {
        HelpName = "VARIABLE",
        Description = "Environment variable with a passphrase to encrypt the key file with (default: not encrypted)",
    };

    private readonly Option<string?> file = new("--key-passphrase-file")
    {
        HelpName = "FILE",
        Description = "File with such a passphrase, on one line",
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

    /// <summary>The passphrase; null when the key file is not to be encrypted.</summary>
    /// <exception cref="CommandFault">It cannot be had.</exception>
    public string? ReadPassphrase(ParseResult parsed) => (parsed.GetValue(variable), parsed.GetValue(file)) switch
    {
        (null, null) => null,
        ({ } name, null) => Passphrase.OfVariable(here, name),
        (null, { } path) => Passphrase.OfFile(path),
        _ => throw CommandFault.Usage("--key-passphrase-env and --key-passphrase-file are both given", "give one of them"),
    };
}
