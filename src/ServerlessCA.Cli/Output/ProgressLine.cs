using System.Globalization;

namespace ServerlessCA.Cli.Output;

/// <summary>The one line that tells how far long work is.</summary>
internal interface IProgressLine
{
    /// <summary>Shows what goes on. Safe to call from any thread.</summary>
    /// <param name="what">A few words; may come from anyone.</param>
    /// <param name="done">How many are done.</param>
    /// <param name="total">Of how many; 0 when that is not known.</param>
    void Show(string what, int done, int total);
}

/// <summary>Progress where no line can move: a line of its own every few seconds, so that whoever reads the log of a job sees
/// that it goes on. Work that ends sooner says nothing.</summary>
internal sealed class PeriodicLine(TimeProvider clock, Action<string> write) : IProgressLine
{
    // Our decision: a long run leaves some dozen lines in a log.
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
