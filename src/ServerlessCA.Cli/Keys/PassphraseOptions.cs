using System.CommandLine;

namespace ServerlessCA.Cli.Keys;

/// <summary>The two options that a passphrase may come by: from a variable or from a file.</summary>
/// <param name="here">Has the variables, and standard input.</param>
/// <param name="prefix">How the options begin, such as <c>--key-passphrase</c>.</param>
/// <param name="use">What the passphrase is for, in the help.</param>
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

    /// <summary>For the help.</summary>
    public IReadOnlyList<Option> All => [variable, file];

    /// <summary>The name of the option with the file.</summary>
    public string FileOption => file.Name;

    /// <summary>Whether one of them was given.</summary>
    public bool AreGiven(ParseResult parsed) => parsed.GetValue(variable) is not null || parsed.GetValue(file) is not null;

    /// <summary>The file; null when it was not given.</summary>
    public string? FileOf(ParseResult parsed) => parsed.GetValue(file);

    /// <summary>The passphrase; null when neither was given.</summary>
    /// <exception cref="CommandFault">It cannot be had.</exception>
    public async Task<string?> ReadAsync(ParseResult parsed, CancellationToken cancellation) => (parsed.GetValue(variable), parsed.GetValue(file)) switch
    {
        (null, null) => null,
        ({ } name, null) => Passphrase.OfVariable(here, name, variable.Name),
        (null, { } path) => await Passphrase.OfFileAsync(here, path, file.Name, cancellation),
        _ => throw CommandFault.Usage($"{variable.Name} and {file.Name} are both given", "give one of them"),
    };
}
