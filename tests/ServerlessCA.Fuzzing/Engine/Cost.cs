using System.Runtime.InteropServices;

namespace ServerlessCA.Fuzzing.Engine;

/// <summary>Says what an input cost on the thread that ran it. Immutable.</summary>
/// <param name="Cpu">The CPU time of the thread.</param>
/// <param name="Bytes">The bytes that it allocated.</param>
internal readonly partial record struct Cost(TimeSpan Cpu, long Bytes)
{
    private const int ThreadClock = 3; // CLOCK_THREAD_CPUTIME_ID of Linux

    /// <summary>Limits the CPU time of any input of at most 1 MiB; our decision.</summary>
    public static readonly TimeSpan MaxCpu = TimeSpan.FromMilliseconds(50);

    /// <summary>Limits the bytes that it allocates; our decision.</summary>
    public const long MaxBytes = 16 * 1024 * 1024;

    /// <summary>Says whether one of the limits is exceeded.</summary>
    public bool IsTooHigh => Cpu > MaxCpu || Bytes > MaxBytes;

    /// <summary>Returns what this thread has spent so far.</summary>
    public static Cost Now() => new(
        ClockGetTime(ThreadClock, out Time time) == 0 ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / 100) : default,
        GC.GetAllocatedBytesForCurrentThread());

    /// <summary>Returns the difference.</summary>
    public static Cost operator -(Cost later, Cost earlier) => new(later.Cpu - earlier.Cpu, later.Bytes - earlier.Bytes);

    /// <summary>Returns the lowest cost of some runs: only the first one compiles, and some collect garbage.</summary>
    public static Cost Of(FuzzTarget target, byte[] input, int runs)
    {
        var lowest = new Cost(TimeSpan.MaxValue, long.MaxValue);
        for (int run = 0; run < runs; run++)
        {
            Cost before = Now();
            target.Run(input);
            Cost cost = Now() - before;
            lowest = new(cost.Cpu < lowest.Cpu ? cost.Cpu : lowest.Cpu, Math.Min(cost.Bytes, lowest.Bytes));
        }

        return lowest;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
