namespace ServerlessCA.Cli.Output;

/// <summary>What the streams of a terminal can do. Immutable.</summary>
/// <param name="OutputColours">Standard output shows colours.</param>
/// <param name="ErrorColours">Standard error shows colours.</param>
/// <param name="Progress">A progress line on standard error is welcome.</param>
/// <param name="Width">Columns, for help texts.</param>
public sealed record TerminalTraits(bool OutputColours, bool ErrorColours, bool Progress, int Width)
{
    private const int UsualWidth = 80; // columns where nobody tells

    /// <summary>Files and pipes: text and nothing else.</summary>
    public static TerminalTraits Plain { get; } = new(false, false, false, UsualWidth);
}
