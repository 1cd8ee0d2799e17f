namespace ServerlessCA.Server.Schedule;

/// <summary>How long to wait before what failed is tried again: twice as long each time.</summary>
/// <param name="longest">At most so long.</param>
internal sealed class Backoff(TimeSpan longest)
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(10); // our decision: a fault that ends by itself has ended by then

    private TimeSpan next = First;

    /// <summary>The wait after one more failure.</summary>
    public TimeSpan Next()
    {
        TimeSpan wait = next < longest ? next : longest;
        next = wait * 2;
        return wait;
    }

    /// <summary>It was done: the next failure is the first one.</summary>
    public void Reset() => next = First;
}
