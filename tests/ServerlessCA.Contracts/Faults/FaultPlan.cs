namespace ServerlessCA.Contracts.Faults;

/// <summary>Fails the n-th write or read, once. One plan may serve several decorators: it counts over all of them, so that a test
/// can fail every write of a run in turn, whichever port it goes to.</summary>
/// <param name="fault">How it fails.</param>
/// <param name="nth">From 1; 0 fails nothing and only counts.</param>
public sealed class FaultPlan(Fault fault, int nth)
{
    private int reads;
    private int writes;

    /// <summary>Makes a plan that fails nothing, to count the writes of a run.</summary>
    public static FaultPlan None() => new(Fault.WriteLost, nth: 0);

    /// <summary>Counts the reads so far.</summary>
    public int Reads => reads;

    /// <summary>Counts the writes so far.</summary>
    public int Writes => writes;

    /// <summary>Says whether the fault has happened.</summary>
    public bool Happened { get; private set; }

    /// <summary>Runs a write, and fails it if it is its turn.</summary>
    public async Task<T> WriteAsync<T>(Func<Task<T>> write, Func<string, Exception> failure)
    {
        bool fails = Interlocked.Increment(ref writes) == nth && fault != Fault.ReadFailed;
        if (fails && fault == Fault.WriteLost)
        {
            throw Fail(failure);
        }

        T result = await write();
        return fails ? throw Fail(failure) : result;
    }

    /// <summary>Runs a write without a result, and fails it if it is its turn.</summary>
    public Task WriteAsync(Func<Task> write, Func<string, Exception> failure) => WriteAsync(
        async () =>
        {
            await write();
            return true;
        },
        failure);

    /// <summary>Lets a read pass, or fails it if it is its turn.</summary>
    public void Read(Func<string, Exception> failure)
    {
        if (Interlocked.Increment(ref reads) == nth && fault == Fault.ReadFailed)
        {
            throw Fail(failure);
        }
    }

    private Exception Fail(Func<string, Exception> failure)
    {
        Happened = true;
        return failure($"Test fault: {fault}, number {nth}.");
    }
}

/// <summary>Says how a call fails.</summary>
public enum Fault
{
    /// <summary>A write fails before it reaches the store.</summary>
    WriteLost,

    /// <summary>A write is done, but its answer is lost: the caller sees a failure.</summary>
    WriteDoneButReportedLost,

    /// <summary>A read fails.</summary>
    ReadFailed,
}
