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
using ServerlessCA.Server.Metrics;

namespace ServerlessCA.Server.Lambda;

/// <summary>Runs functions, several at once, and turns every outcome into what Lambda would answer.</summary>
internal sealed class FunctionRunner(InvokeFunction invoke, TimeSpan timeout, int maxAtOnce, TimeProvider clock, ILogger log, ServerMetrics? metrics = null) : IAsyncDisposable
{
    /// <summary>The most calls that wait or run; our decision: a burst of a whole tls.json. Further callers shall retry
    /// later.</summary>
    public const int MaxWaiting = 1000;

    private readonly SemaphoreSlim turns = new(maxAtOnce);
    private int waiting;

    /// <summary>Runs one call.</summary>
    /// <returns>Null if too many calls wait already.</returns>
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
            OperationResult answer = await invoke.As(ServerActor.Of(call.Caller)).RunAsync(call.Function, call.Event, call.Caller.Rights, over.Token);
            log.Called(call, answer);
            if (answer.Refusal is { } code)
            {
                metrics?.Refused(code);
            }

            foreach (string note in answer.Notes)
            {
                log.FunctionNote(call.RequestId, name, note);
            }

            return new FunctionResult(answer.Utf8, Failed: false, LogOf(call, answer.Notes)) { IsRefusal = answer.IsRefusal };
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
            // A fault of ours: its message may hold anything, so only the log gets it.
            log.Unexpected(call.RequestId, fault);
            return Failed(call, name, fault.GetType().Name, $"unexpected fault: the server's log has more on request {call.RequestId}");
        }
    }

    private FunctionResult Failed(FunctionCall call, string name, string type, string message)
    {
        metrics?.Failed(name);
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

/// <summary>A call of a function, whose caller may run it. Immutable.</summary>
/// <param name="RequestId">The id of the call in the log.</param>
/// <param name="Function">The function to run.</param>
/// <param name="Event">The event as UTF-8 JSON.</param>
/// <param name="Caller">The caller, who may run the function.</param>
internal sealed record FunctionCall(string RequestId, CaFunction Function, ReadOnlyMemory<byte> Event, Caller Caller);

/// <summary>The result of a call, which is an answer or an error. Immutable.</summary>
/// <param name="Json">The answer, or the error; UTF-8.</param>
/// <param name="Failed">Whether it is an error.</param>
/// <param name="Log">The lines that the function would have logged.</param>
internal sealed record FunctionResult(ReadOnlyMemory<byte> Json, bool Failed, string Log)
{
    /// <summary>Whether the answer refuses what was requested.</summary>
    public bool IsRefusal { get; init; }
}

/// <summary>The body that a failed function returns.</summary>
/// <param name="ErrorMessage">The failure and the remedy.</param>
/// <param name="ErrorType">The stable name of the exception.</param>
internal sealed record FunctionErrorBody(
    [property: JsonPropertyName("errorMessage")] string ErrorMessage,
    [property: JsonPropertyName("errorType")] string ErrorType);

/// <summary>Queues events whose callers do not wait (<c>InvocationType Event</c>). They are held in memory: after a
/// crash the caller must send them again. A stop waits for them.</summary>
internal sealed class EventQueue : IAsyncDisposable
{
    private const int MaxEvents = 1000; // our decision: further callers shall retry later

    /// <summary>The most bytes of all waiting events; our decision: ordinary requests, and some dozens of the
    /// largest.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    private readonly Channel<FunctionCall> calls = Channel.CreateBounded<FunctionCall>(MaxEvents);
    private readonly Quota bytes = new(MaxBytes, MaxBytes);
    private readonly Task work;

    /// <summary>Starts the work.</summary>
    public EventQueue(FunctionRunner runner) => work = WorkAsync(runner);

    /// <summary>The bytes of the events that wait or run.</summary>
    public long WaitingBytes => bytes.Used;

    /// <summary>Adds an event; false if too many wait, or the server stops.</summary>
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

    /// <summary>Runs what waits, and takes nothing new.</summary>
    public async ValueTask DisposeAsync()
    {
        calls.Writer.TryComplete();
        await work;
    }

    // One event at a time: callers who do not wait must not slow down callers who do.
    private async Task WorkAsync(FunctionRunner runner)
    {
        await foreach (FunctionCall call in calls.Reader.ReadAllAsync())
        {
            await runner.RunAcceptedAsync(call); // it logs failures
            bytes.Return(call.Event.Length);
        }
    }
}
