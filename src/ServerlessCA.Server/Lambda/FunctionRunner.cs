using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Server.Http;
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
