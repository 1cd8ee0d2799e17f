using System.Collections.Concurrent;

namespace ServerlessCA.Slack.Tests.Fakes;

/// <summary>A clock whose pauses take no real time. It records them, and advances by each. Timeouts, which it recognizes by
/// their length, take their real time.</summary>
public sealed class HastyClock(TimeSpan timeout, DateTimeOffset? start = null) : TimeProvider
{
    private readonly DateTimeOffset start = start ?? new DateTimeOffset(2026, 3, 2, 10, 20, 30, TimeSpan.Zero);
    private readonly ConcurrentQueue<TimeSpan> pauses = new();
    private long passed;

    /// <summary>The pauses, in the order in which they began.</summary>
    public IReadOnlyList<TimeSpan> Pauses => [.. pauses];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref passed);

    public override DateTimeOffset GetUtcNow() => start.AddTicks(GetTimestamp());

    /// <summary>Advances the clock.</summary>
    public void Advance(TimeSpan time) => Interlocked.Add(ref passed, time.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == timeout || dueTime == Timeout.InfiniteTimeSpan)
        {
            return System.CreateTimer(callback, state, dueTime, period);
        }

        pauses.Enqueue(dueTime);
        Advance(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
