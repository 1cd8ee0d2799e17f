using ServerlessCA.Core.Retries;

namespace ServerlessCA.Core.Renewals;

/// <summary>How long to wait before asking a CA again: partly by chance, so that many who lost the same CA do not return at
/// once.</summary>
public static class RetryDelay
{
    private static readonly Backoff Waits = new(TimeSpan.FromSeconds(2)) { Longest = Longest, Jitter = 0.5 }; // our decision

    /// <summary>The longest wait: what a CA that is back may wait for its callers.</summary>
    public static TimeSpan Longest => TimeSpan.FromMinutes(5);

    /// <summary>The wait after so many failures in a row.</summary>
    /// <param name="failures">1 or more.</param>
    /// <param name="caller">Tells callers apart; the same caller waits the same.</param>
    public static TimeSpan After(int failures, string caller) => Waits.After(failures, Backoff.ChanceOf($"{failures}:{caller}"));
}
