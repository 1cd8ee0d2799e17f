using System.Text;

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

/// <summary>Standard error: what cannot be told there, such as a log on a full disk, stops no work.</summary>
internal sealed class TolerantWriter(TextWriter writer) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => writer.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => writer.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => writer.Write(value));

    /// <inheritdoc/>
    public override void Flush() => Try(writer.Flush);

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // There is nowhere left to tell it.
        }
    }
}
