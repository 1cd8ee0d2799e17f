namespace ServerlessCA.Cli.Help;

/// <summary>An example in the help. Immutable.</summary>
/// <param name="CommandLine">As it would be typed, without the prompt.</param>
/// <param name="Meaning">What it does: one short sentence.</param>
internal sealed record Example(string CommandLine, string Meaning);
