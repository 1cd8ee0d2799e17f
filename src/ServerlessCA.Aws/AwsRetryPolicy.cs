using ServerlessCA.Core.Retries;

namespace ServerlessCA.Aws;

/// <summary>How long to wait for AWS and how often to try. Immutable. The defaults are our decision: a call that AWS
/// answers at all is answered in well under a second, and four attempts with their pauses fit a function's deadline.</summary>
public sealed record AwsRetryPolicy
{
    private const double SlowestLine = 256 << 10; // bytes a second; our decision

    /// <summary>Attempts in all, the first included; at least 1.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Until a connection must stand.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Until one attempt must have its answer, besides the time that a large body needs on a slow line.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest first pause between attempts of our own calls; doubled each time, and a random part of it is
    /// waited, so that many callers spread. (The SDK's clients pause as its standard mode does.)</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest of those pauses.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>These pauses.</summary>
    internal Backoff Pauses => new(Pause) { Longest = LongestPause, Jitter = 1 };

    /// <summary>How long so many bytes may take.</summary>
    internal static TimeSpan Moving(long bytes) => TimeSpan.FromSeconds(bytes / SlowestLine);
}
