using ServerlessCA.Core.Records;
using ServerlessCA.Core.Renewals;

namespace ServerlessCA.Cli.Agent;

/// <summary>When to ask next: by the certificate's schedule, or, after a failure, by the wait before the next attempt.
/// It is asked anew with the time of day, which may jump either way.</summary>
internal sealed class RenewalState(string caller)
{
    private DateTimeOffset due = DateTimeOffset.MinValue;
    private DateTimeOffset retry;

    /// <summary>Failures in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>A certificate is in place.</summary>
    /// <param name="dueAt">When it is to be renewed.</param>
    public void Hold(DateTimeOffset dueAt)
    {
        due = dueAt;
        Failures = 0;
    }

    /// <summary>An attempt failed.</summary>
    public void Fail(DateTimeOffset now)
    {
        Failures++;
        retry = BoundedTime.After(now, RetryDelay.After(Failures, caller));
    }

    /// <summary>The time of the next attempt; in the past: now. An agent never gives up, so there always is one.</summary>
    public DateTimeOffset Next(DateTimeOffset now)
    {
        if (Failures == 0)
        {
            return due;
        }

        // Farther ahead than any wait: the clock was set back.
        bool clockJumped = retry - now > RetryDelay.Longest;
        return clockJumped ? now : retry;
    }
}
