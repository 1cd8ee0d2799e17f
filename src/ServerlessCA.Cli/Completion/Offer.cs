namespace ServerlessCA.Cli.Completion;

/// <summary>A word that may stand where the cursor is. Immutable.</summary>
/// <param name="Word">All of it, with what was typed already.</param>
/// <param name="Meaning">One line for shells that show it; empty: none.</param>
internal sealed record Offer(string Word, string Meaning = "");
