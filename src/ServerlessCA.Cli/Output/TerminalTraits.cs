using System.Text;

namespace ServerlessCA.Cli.Output;

/// <summary>Says what the streams of a terminal can show. Immutable.</summary>
/// <param name="OutputColours">Whether standard output shows colours.</param>
/// <param name="ErrorColours">Whether standard error shows colours.</param>
/// <param name="Progress">Whether standard error can show a line that moves.</param>
/// <param name="Width">The width in columns, for help texts and lists.</param>
public sealed record TerminalTraits(bool OutputColours, bool ErrorColours, bool Progress, int Width)
{
    private const int UsualWidth = 80; // columns where no terminal says how many it has

    /// <summary>Whether standard output is a terminal, which wraps lines that are too long.</summary>
    public bool OutputSeen { get; init; }

    /// <summary>The traits of files and pipes, which get plain text.</summary>
    public static TerminalTraits Plain { get; } = new(false, false, false, UsualWidth);
}

/// <summary>Writes to standard error, and goes on when that fails, as with a log on a full disk.</summary>
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
            // There is nowhere left to report it.
        }
    }
}
