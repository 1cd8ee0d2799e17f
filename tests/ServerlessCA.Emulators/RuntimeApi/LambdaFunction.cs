using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ServerlessCA.Emulators.RuntimeApi;

/// <summary>Runs one function's process behind the Lambda service as the process sees it (runtime API 2018-06-01). It gives the
/// process one event at a time, takes answers and errors, kills a process that is late, and can refuse as the service
/// does.</summary>
public sealed partial class LambdaFunction : IAsyncDisposable
{
    private const int MaxAnswerBytes = 6 * 1024 * 1024; // Lambda quota, synchronous invocations

    private readonly FunctionSetup setup;
    private readonly Channel<PendingEvent> waiting = Channel.CreateUnbounded<PendingEvent>();
    private readonly ConcurrentDictionary<string, PendingEvent> running = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<FunctionAnswer> initError = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication server = null!;
    private FunctionProcess process = null!;
    private int count;

    private LambdaFunction(FunctionSetup setup) => this.setup = setup;

    /// <summary>The HTTP statuses for the next answers that the process sends, before they are read: 413, 403, 500.</summary>
    public ConcurrentQueue<int> RefuseAnswers { get; } = new();

    /// <summary>The HTTP statuses for the next requests for an event.</summary>
    public ConcurrentQueue<int> RefuseNext { get; } = new();

    /// <summary>The values of the header with the invoked ARN for all following events, as a service would send them that is
    /// broken or deceived; null: the ARN that was invoked.</summary>
    public IReadOnlyList<string>? ArnHeaders { get; set; }

    /// <summary>A task that completes when the process first requests an event.</summary>
    public Task Ready => ready.Task;

    /// <summary>A task that completes when the process reports that it cannot start.</summary>
    public Task<FunctionAnswer> InitError => initError.Task;

    /// <summary>The lines that the process wrote so far.</summary>
    public IReadOnlyList<string> Lines => process.Lines;

    /// <summary>Whether the process has ended.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>The id of the process, for measurements.</summary>
    public int ProcessId => process.Id;

    /// <summary>Starts the service and the process.</summary>
    /// <param name="setup">How the function is deployed.</param>
    /// <param name="starting">Called right before the process starts, for measurements.</param>
    public static async Task<LambdaFunction> StartAsync(FunctionSetup setup, Action? starting = null)
    {
        var function = new LambdaFunction(setup);
        function.server = await LoopbackApplication.StartAsync(function.AnswerAsync);
        starting?.Invoke();
        function.process = new FunctionProcess(setup, LoopbackApplication.AddressOf(function.server));
        _ = function.WatchAsync();
        return function;
    }

    /// <summary>Invokes the function with an event and waits for its answer.</summary>
    /// <param name="payload">The event; any bytes.</param>
    /// <param name="timeout">The function's time; null: as it is deployed.</param>
    /// <param name="qualifier">The version or alias that the caller named; null: none.</param>
    /// <param name="clientContext">What the caller sent as client context, JSON; null: nothing.</param>
    public async Task<FunctionAnswer> InvokeAsync(
        ReadOnlyMemory<byte> payload, TimeSpan? timeout = null, string? qualifier = null, string? clientContext = null)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"8476a536-e9f4-11e8-9739-{Interlocked.Increment(ref count):x12}");
        var pending = new PendingEvent(id, payload, timeout ?? setup.Timeout) { Qualifier = qualifier, ClientContext = clientContext };
        if (process.HasExited)
        {
            return FunctionAnswer.OfLambda("Runtime.ExitError", "the process has ended");
        }

        await waiting.Writer.WriteAsync(pending);
        return await pending.Answer;
    }

    /// <summary>Sends SIGTERM to the process, as Lambda does before it removes the machine.</summary>
    /// <returns>The exit code of the process.</returns>
    public async Task<int> TerminateAsync(CancellationToken cancellation)
    {
        _ = Signal(process.Id, 15); // SIGTERM
        return await process.WaitAsync(cancellation);
    }

    /// <summary>Waits for the process to end by itself.</summary>
    /// <returns>The exit code of the process.</returns>
    public Task<int> WaitForEndAsync(CancellationToken cancellation) => process.WaitAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        await LoopbackApplication.StopAsync(server);
    }

    private async Task WatchAsync()
    {
        await process.WaitAsync(CancellationToken.None);
        waiting.Writer.TryComplete();
        foreach (PendingEvent pending in running.Values)
        {
            pending.Complete(FunctionAnswer.OfLambda("Runtime.ExitError", $"RequestId: {pending.Id} Error: Runtime exited without providing a reason"));
        }

        await foreach (PendingEvent pending in waiting.Reader.ReadAllAsync())
        {
            pending.Complete(FunctionAnswer.OfLambda("Runtime.ExitError", $"RequestId: {pending.Id} Error: Runtime exited"));
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        return path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["2018-06-01", "runtime", "invocation", "next"] => NextAsync(context),
            ["2018-06-01", "runtime", "invocation", string id, "response"] => TakeAsync(context, id, isError: false),
            ["2018-06-01", "runtime", "invocation", string id, "error"] => TakeAsync(context, id, isError: true),
            ["2018-06-01", "runtime", "init", "error"] => TakeInitErrorAsync(context),
            _ => Status(context, HttpStatusCode.NotFound),
        };
    }

    private async Task NextAsync(HttpContext context)
    {
        ready.TrySetResult();
        if (RefuseNext.TryDequeue(out int status))
        {
            await Status(context, (HttpStatusCode)status);
            return;
        }

        PendingEvent next = await waiting.Reader.ReadAsync(context.RequestAborted);
        running[next.Id] = next;
        _ = EndWhenLateAsync(next);
        long deadline = TimeProvider.System.GetUtcNow().Add(next.Timeout).ToUnixTimeMilliseconds();
        context.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = next.Id;
        context.Response.Headers["Lambda-Runtime-Deadline-Ms"] = deadline.ToString(CultureInfo.InvariantCulture);
        string arn = $"arn:aws:lambda:eu-west-2:123456789012:function:{setup.Name ?? setup.Handler}{(next.Qualifier is null ? "" : $":{next.Qualifier}")}";
        context.Response.Headers["Lambda-Runtime-Invoked-Function-Arn"] = ArnHeaders?.ToArray() ?? [arn];
        if (next.ClientContext is not null)
        {
            // What a caller sends in X-Amz-Client-Context comes to the function decoded, in a header of its own.
            context.Response.Headers["Lambda-Runtime-Client-Context"] = next.ClientContext;
        }

        context.Response.Headers["Lambda-Runtime-Trace-Id"] = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1";
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(next.Payload);
    }

    // Lambda kills a process that is late.
    private async Task EndWhenLateAsync(PendingEvent pending)
    {
        await Task.WhenAny(pending.Answer, Task.Delay(pending.Timeout));
        if (!pending.Answer.IsCompleted)
        {
            string seconds = pending.Timeout.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);
            pending.Complete(FunctionAnswer.OfLambda("Sandbox.Timedout", $"RequestId: {pending.Id} Error: Task timed out after {seconds} seconds"));
            process.Kill();
        }
    }

    private async Task TakeAsync(HttpContext context, string id, bool isError)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (!isError && RefuseAnswers.TryDequeue(out int status))
        {
            await Status(context, (HttpStatusCode)status);
        }
        else if (!running.TryRemove(id, out PendingEvent? pending))
        {
            await Status(context, HttpStatusCode.BadRequest);
        }
        else if (!isError && body.Length > MaxAnswerBytes)
        {
            running[id] = pending;
            await Status(context, HttpStatusCode.RequestEntityTooLarge);
        }
        else
        {
            string? errorType = isError ? context.Request.Headers["Lambda-Runtime-Function-Error-Type"].ToString() : null;
            await Status(context, HttpStatusCode.Accepted);
            pending.Complete(new FunctionAnswer(body.ToArray(), errorType));
        }
    }

    private async Task TakeInitErrorAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        await Status(context, HttpStatusCode.Accepted);
        initError.TrySetResult(new FunctionAnswer(body.ToArray(), context.Request.Headers["Lambda-Runtime-Function-Error-Type"].ToString()));
    }

    private static Task Status(HttpContext context, HttpStatusCode status)
    {
        context.Response.StatusCode = (int)status;
        return context.Response.CompleteAsync();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}

/// <summary>Holds what a function answered to an event. Immutable.</summary>
/// <param name="Payload">The answer, or the error.</param>
/// <param name="ErrorType">The type of an error, from its header; null for an answer.</param>
public sealed record FunctionAnswer(byte[] Payload, string? ErrorType)
{
    /// <summary>Whether it is an error.</summary>
    public bool IsError => ErrorType is not null;

    /// <summary>The payload as JSON.</summary>
    public JsonNode? Json => JsonNode.Parse(Payload);

    /// <summary>The payload as text.</summary>
    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>Makes an error of Lambda itself.</summary>
    public static FunctionAnswer OfLambda(string errorType, string message) =>
        new(Encoding.UTF8.GetBytes(new JsonObject { ["errorType"] = errorType, ["errorMessage"] = message }.ToJsonString(JsonSerializerOptions.Default)), errorType);
}

/// <summary>Holds an event until the function has answered it.</summary>
internal sealed class PendingEvent(string id, ReadOnlyMemory<byte> payload, TimeSpan timeout)
{
    private readonly TaskCompletionSource<FunctionAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => id;

    public ReadOnlyMemory<byte> Payload => payload;

    public TimeSpan Timeout => timeout;

    public string? Qualifier { get; init; }

    public string? ClientContext { get; init; }

    public Task<FunctionAnswer> Answer => answer.Task;

    public void Complete(FunctionAnswer with) => answer.TrySetResult(with);
}
