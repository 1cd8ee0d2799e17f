using Microsoft.Data.Sqlite;

namespace ServerlessCA.Local.Sqlite;

/// <summary>A write that waits for its group, which is committed in one transaction (<see cref="LedgerConnections"/>). Its caller is answered
/// after the commit.</summary>
internal abstract class WaitingWrite
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int GivenUp = 2;

    private int state = Waiting;

    /// <summary>Takes it into a group; false when the caller has given it up.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref state, Taken, Waiting) == Waiting;

    /// <summary>Gives it up, unless it belongs to a group already: then it is stored.</summary>
    public bool TryGiveUp() => Interlocked.CompareExchange(ref state, GivenUp, Waiting) == Waiting;

    /// <summary>Writes within the transaction of the group. When the group fails, it is called again in another transaction.</summary>
    public abstract void Run(SqliteConnection connection);

    /// <summary>Answers what the last <see cref="Run"/> returned, which is durable now.</summary>
    public abstract void Finish();

    /// <summary>Answers that nothing is stored, or that nobody knows.</summary>
    public abstract void Fail(Exception why);
}

/// <summary>A waiting write with a result.</summary>
/// <param name="write">What is written.</param>
internal sealed class WaitingWrite<T>(Func<SqliteConnection, T> write) : WaitingWrite
{
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;

    /// <summary>Gets the answer.</summary>
    public Task<T> Done => done.Task;

    public override void Run(SqliteConnection connection) => result = write(connection);

    public override void Finish() => done.SetResult(result!);

    public override void Fail(Exception why) => done.SetException(why);

    /// <summary>Ends the waiting, as far as it is not too late.</summary>
    public void Cancel(CancellationToken cancellation)
    {
        if (TryGiveUp())
        {
            done.SetCanceled(cancellation);
        }
    }
}
