using System.Globalization;

namespace ServerlessCA.Cli.Output;

/// <summary>Progress where no line can move: a line of its own every few seconds, so that whoever reads the log of a job sees
/// that it goes on. Work that ends sooner says nothing.</summary>
internal sealed class PeriodicLine(TimeProvider clock, Action<string> tell) : IProgressLine
{
    // Our decision: a long run leaves some dozen lines in a log.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly Lock telling = new();
    private DateTimeOffset last = clock.GetUtcNow();

    /// <inheritdoc/>
    public void Show(string what, int done, int total)
    {
        lock (telling)
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (now - last < Period)
            {
                return;
            }

            last = now;
            tell(total > 0 ? string.Create(CultureInfo.InvariantCulture, $"{done} of {total}: {what}") : what);
        }
    }
}
