using System.CommandLine;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Options;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The options of the key that is made.</summary>
internal sealed class KeyOptions(Surroundings here)
{
    private readonly Option<string> type = Choice.Of(
        "--key-type", "TYPE", $"Kind of the key that is made: {string.Join(", ", SubjectKeyType.Names)} (default {SubjectKeyType.Default})",
        SubjectKeyType.Names, SubjectKeyType.Default);

    private readonly PassphraseOptions passphrase = new(here, "--key-passphrase", "to encrypt the key file with (default: not encrypted)");

    /// <summary>For the help.</summary>
    public IReadOnlyList<Option> All => [type, .. passphrase.All];

    /// <summary>Whether one of them was given: without a key to make that is a mistake.</summary>
    public bool AreGiven(ParseResult parsed) => parsed.GetResult(type) is { Implicit: false } || passphrase.AreGiven(parsed);

    /// <summary>The kind of key.</summary>
    public SubjectKeyType TypeOf(ParseResult parsed) => SubjectKeyType.Of(parsed.GetRequiredValue(type));

    /// <summary>Makes a key.</summary>
    public SubjectKey Generate(ParseResult parsed) => TypeOf(parsed).Generate();

    /// <summary>Says if standard input is wanted twice.</summary>
    /// <exception cref="CommandFault">It is.</exception>
    public void ExpectInputBeside(ParseResult parsed, string? request)
    {
        if (request == AnyInput.Standard && passphrase.FileOf(parsed) == AnyInput.Standard)
        {
            throw CommandFault.Usage($"--file and {passphrase.FileOption} are both standard input", "name a file for one of them");
        }
    }

    /// <summary>The passphrase; null when the key file is not to be encrypted.</summary>
    /// <exception cref="CommandFault">It cannot be had.</exception>
    public Task<string?> ReadPassphraseAsync(ParseResult parsed, CancellationToken cancellation) => passphrase.ReadAsync(parsed, cancellation);
}
