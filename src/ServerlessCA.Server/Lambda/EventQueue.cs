using System.Threading.Channels;
using ServerlessCA.Server.Limits;

namespace ServerlessCA.Server.Lambda;

/// <summary>Events whose callers do not wait (<c>InvocationType Event</c>). They are kept in memory: what a crash leaves
/// undone the caller must send again, and a stop waits for them.</summary>
internal sealed class EventQueue : IAsyncDisposable
{
    private const int MaxEvents = 1000; // our decision: more shall try again later

    /// <summary>Bytes of all events that wait; our decision: those of ordinary requests, and some dozens of the largest.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    private readonly Channel<FunctionCall> calls = Channel.CreateBounded<FunctionCall>(MaxEvents);
    private readonly Quota bytes = new(MaxBytes, MaxBytes);
    private readonly Task work;

    /// <summary>Begins to work.</summary>
    public EventQueue(FunctionRunner runner) => work = WorkAsync(runner);

    /// <summary>Bytes of what waits now, and of what is being done.</summary>
    public long WaitingBytes => bytes.Used;

    /// <summary>Takes an event; false when too many wait, or the server stops.</summary>
    public bool TryAdd(FunctionCall call)
    {
        if (!bytes.TryTake(call.Event.Length))
        {
            return false;
        }

        bool isTaken = calls.Writer.TryWrite(call);
        bytes.Return(isTaken ? 0 : call.Event.Length);
        return isTaken;
    }

    /// <summary>Does what waits, and takes nothing new.</summary>
    public async ValueTask DisposeAsync()
    {
        calls.Writer.TryComplete();
        await work;
    }

    // One after the other: who does not wait for an answer must not slow down who does.
    private async Task WorkAsync(FunctionRunner runner)
    {
        await foreach (FunctionCall call in calls.Reader.ReadAllAsync())
        {
            await runner.RunAcceptedAsync(call); // it logs what failed
            bytes.Return(call.Event.Length);
        }
    }
}
