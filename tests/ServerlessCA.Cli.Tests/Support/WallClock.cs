namespace ServerlessCA.Cli.Tests.Support;

/// <summary>The time of day of another clock, and the machine's own timers: for a server, whose limits must not run out
/// because a test moves the day on.</summary>
public sealed class WallClock(TimeProvider day) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => day.GetUtcNow();
}
