namespace ServerlessCA.Cli.Output;

/// <summary>A cell of a table. Immutable.</summary>
/// <param name="Text">May come from anyone: the terminal escapes it.</param>
/// <param name="Tone">How it is meant.</param>
internal readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
{
    /// <summary>A plain cell; nothing for null.</summary>
    public static implicit operator Cell(string? text) => new(text ?? "");
}
