using System.Globalization;

namespace ServerlessCA.Cli.Output;

/// <summary>The line that shows how far long work is.</summary>
internal interface IProgressLine
{
    /// <summary>Shows what goes on. It may be called from any thread.</summary>
    /// <param name="what">A few words, which may come from any source.</param>
    /// <param name="done">How many items are done.</param>
    /// <param name="total">The number of all items; 0 when it is not known.</param>
    void Show(string what, int done, int total);
}

/// <summary>Shows progress where no line can move: it writes a line every few seconds, so that the log of a job shows that
/// it goes on. Work that ends sooner writes nothing.</summary>
internal sealed class PeriodicLine(TimeProvider clock, Action<string> write) : IProgressLine
{
    // Our decision: a long run leaves a few dozen lines in a log.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private DateTimeOffset last = clock.GetUtcNow();

    /// <inheritdoc/>
    public void Show(string what, int done, int total)
    {
        lock (gate)
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (now - last < Period)
            {
                return;
            }

            last = now;
            write(total > 0 ? string.Create(CultureInfo.InvariantCulture, $"{done} of {total}: {what}") : what);
        }
    }
}
