using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Http;
using ServerlessCA.Server.Limits;
using ServerlessCA.Server.Logging;

namespace ServerlessCA.Server.Lambda;

/// <summary>Runs functions, several at once, and makes of whatever happens what Lambda would answer.</summary>
internal sealed class FunctionRunner(InvokeFunction invoke, TimeSpan timeout, int maxAtOnce, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    /// <summary>Calls that wait for their turn or have it; our decision: a burst of a whole tls.json; more shall try again later.</summary>
    public const int MaxWaiting = 1000;

    private readonly SemaphoreSlim turns = new(maxAtOnce);
    private int waiting;

    /// <summary>Runs one call.</summary>
    /// <returns>Null when too many wait already.</returns>
    public async Task<FunctionResult?> RunAsync(FunctionCall call)
    {
        if (Interlocked.Increment(ref waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return null;
        }

        try
        {
            return await RunAcceptedAsync(call);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// <summary>Runs a call that was accepted earlier, however many wait.</summary>
    public async Task<FunctionResult> RunAcceptedAsync(FunctionCall call)
    {
        await turns.WaitAsync();
        try
        {
            return await AnswerAsync(call);
        }
        finally
        {
            turns.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        turns.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<FunctionResult> AnswerAsync(FunctionCall call)
    {
        using var over = new CancellationTokenSource(timeout, clock);
        string name = Operation.Of(call.Function).Name;
        try
        {
            OperationResult answer = await invoke.RunAsync(call.Function, call.Event, call.Caller.Rights, over.Token);
            log.Called(call, answer);
            foreach (string note in answer.Notes)
            {
                log.FunctionNote(call.RequestId, name, note);
            }

            return new FunctionResult(Encoding.UTF8.GetBytes(answer.Json), Failed: false, LogOf(call, answer.Notes));
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            string seconds = timeout.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);
            return Failed(call, name, "Sandbox.Timedout", $"RequestId: {call.RequestId} Error: Task timed out after {seconds} seconds");
        }
        catch (Exception fault) when (fault is StepFailedException || Faults.IsFault(fault))
        {
            return Failed(call, name, fault.GetType().Name, fault.Message);
        }
        catch (Exception fault)
        {
            // A fault of ours: its message may hold anything, so it goes to the log alone.
            log.Unexpected(call.RequestId, fault);
            return Failed(call, name, fault.GetType().Name, $"unexpected fault: the server's log has more on request {call.RequestId}");
        }
    }

    private FunctionResult Failed(FunctionCall call, string name, string type, string message)
    {
        log.Called(call, "failed");
        log.FunctionFailed(call.RequestId, name, type, message);
        return new FunctionResult(ServerJson.Utf8(new FunctionErrorBody(message, type)), Failed: true, LogOf(call, [$"{type}: {message}"]));
    }

    private static string LogOf(FunctionCall call, IEnumerable<string> notes)
    {
        var text = new StringBuilder($"START RequestId: {call.RequestId} Version: {FunctionReference.Latest}\n");
        foreach (string note in notes)
        {
            text.Append(note).Append('\n');
        }

        return text.Append(CultureInfo.InvariantCulture, $"END RequestId: {call.RequestId}\n").ToString();
    }
}

/// <summary>One call of a function. Immutable.</summary>
/// <param name="RequestId">To find it in the log.</param>
/// <param name="Function">Which.</param>
/// <param name="Event">UTF-8 JSON.</param>
/// <param name="Caller">Who calls; may run the function.</param>
internal sealed record FunctionCall(string RequestId, CaFunction Function, ReadOnlyMemory<byte> Event, Caller Caller);

/// <summary>What became of it. Immutable.</summary>
/// <param name="Json">The answer, or the error.</param>
/// <param name="Failed">Whether it is an error.</param>
/// <param name="Log">What the function would have logged: lines.</param>
internal sealed record FunctionResult(byte[] Json, bool Failed, string Log);

/// <summary>What a function answers that failed.</summary>
/// <param name="ErrorMessage">What failed, and what to do.</param>
/// <param name="ErrorType">The exception's name, stable.</param>
internal sealed record FunctionErrorBody(
    [property: JsonPropertyName("errorMessage")] string ErrorMessage,
    [property: JsonPropertyName("errorType")] string ErrorType);

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
