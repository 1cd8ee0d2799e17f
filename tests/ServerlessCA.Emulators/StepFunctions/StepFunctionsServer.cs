using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Emulators.RuntimeApi;

namespace ServerlessCA.Emulators.StepFunctions;

/// <summary>Emulates Step Functions on a loopback port, in AWS JSON 1.0: one state machine, whose executions run as the test
/// says. Lists come in small pages.</summary>
public sealed class StepFunctionsServer : IAsyncDisposable
{
    private const string Prefix = "arn:aws:states:eu-west-2:123456789012:";
    private const int PageSize = 3; // events
    private const double Begin = 1_893_585_600; // 2030-01-02 12:00:00 UTC, in seconds

    private readonly ConcurrentDictionary<string, Started> executions = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Operation, int Status, string Type)> failures = new();
    private readonly string machine;
    private WebApplication server = null!;

    private StepFunctionsServer(string machine) => this.machine = machine;

    /// <summary>The address for <c>AWS_ENDPOINT_URL_SFN</c>.</summary>
    public Uri Address => LoopbackApplication.AddressOf(server);

    /// <summary>Makes the history of an execution.</summary>
    public Func<Task<ExecutionHistory>> Run { get; set; } = () => Task.FromResult(new ExecutionHistory());

    /// <summary>The names of the executions that were started, in no order.</summary>
    public IReadOnlyCollection<string> Names => [.. executions.Values.Select(one => one.Name)];

    /// <summary>The operations that were called, in their order.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Is called for each call, with its operation.</summary>
    public Action<string>? Called { get; set; }

    /// <summary>Starts the service.</summary>
    /// <param name="machine">The name of the state machine; two others are listed before it.</param>
    public static async Task<StepFunctionsServer> StartAsync(string machine)
    {
        var service = new StepFunctionsServer(machine);
        service.server = await LoopbackApplication.StartAsync(service.AnswerAsync);
        return service;
    }

    /// <summary>Makes the next call of an operation fail.</summary>
    /// <param name="operation">The operation, such as <c>StartExecution</c>.</param>
    /// <param name="status">The HTTP status; 0: the call is carried out, and its answer is lost.</param>
    /// <param name="type">The error's name, such as <c>ThrottlingException</c>.</param>
    public void FailNext(string operation, int status, string type) => failures.Enqueue((operation, status, type));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await LoopbackApplication.StopAsync(server);

    private async Task AnswerAsync(HttpContext context)
    {
        string operation = context.Request.Headers["X-Amz-Target"].ToString().Replace("AWSStepFunctions.", "", StringComparison.Ordinal);
        Calls.Enqueue(operation);
        Called?.Invoke(operation);
        JsonElement input = (await JsonDocument.ParseAsync(context.Request.Body)).RootElement;
        bool fails = failures.TryPeek(out (string Operation, int Status, string Type) failure) && failure.Operation == operation && failures.TryDequeue(out _);
        if (fails && failure.Status > 0)
        {
            await WriteAsync(context, failure.Status, Fault(failure.Type, "as the test wants it"));
            return;
        }

        JsonObject answer = await DoAsync(operation, input);
        if (fails)
        {
            context.Abort();
            return;
        }

        await WriteAsync(context, answer.ContainsKey("__type") ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK, answer);
    }

    private async Task<JsonObject> DoAsync(string operation, JsonElement input) => operation switch
    {
        "ListStateMachines" => List(Text(input, "nextToken")),
        "StartExecution" => await StartAsync(input),
        "DescribeExecution" => Execution(input) is { } one ? Describe(one) : Fault("ExecutionDoesNotExist", $"Execution Does Not Exist: '{Text(input, "executionArn")}'"),
        "GetExecutionHistory" => Execution(input) is { } one ? History(one, input) : Fault("ExecutionDoesNotExist", "Execution Does Not Exist"),
        "DescribeMapRun" => executions.Values.Select(one => one.Counts).FirstOrDefault(counts => counts is not null) is { } counts
            ? new JsonObject { ["mapRunArn"] = ExecutionHistory.MapRunArn, ["status"] = "RUNNING", ["itemCounts"] = counts.DeepClone() }
            : Fault("ResourceNotFound", "Resource not found"),
        _ => Fault("UnknownOperationException", operation),
    };

    private JsonObject List(string? token)
    {
        string[] names = ["another-machine", $"{machine}-old", machine];
        int place = token is null ? 0 : int.Parse(token, CultureInfo.InvariantCulture);
        var page = new JsonObject
        {
            ["stateMachines"] = new JsonArray(new JsonObject
            {
                ["name"] = names[place], ["stateMachineArn"] = $"{Prefix}stateMachine:{names[place]}", ["type"] = "STANDARD", ["creationDate"] = Begin,
            }),
        };
        if (place + 1 < names.Length)
        {
            page["nextToken"] = (place + 1).ToString(CultureInfo.InvariantCulture);
        }

        return page;
    }

    private async Task<JsonObject> StartAsync(JsonElement input)
    {
        if (Text(input, "stateMachineArn") != $"{Prefix}stateMachine:{machine}")
        {
            return Fault("StateMachineDoesNotExist", $"State Machine Does Not Exist: '{Text(input, "stateMachineArn")}'");
        }

        string name = Text(input, "name") ?? "made-by-aws";
        string arn = $"{Prefix}execution:{machine}:{name}";
        if (!executions.TryGetValue(arn, out Started? started))
        {
            started = executions[arn] = new Started(arn, name, Text(input, "input") ?? "", await Run());
        }
        else if (started.Input != Text(input, "input"))
        {
            return Fault("ExecutionAlreadyExists", $"Execution Already Exists: '{arn}'");
        }

        return new JsonObject { ["executionArn"] = arn, ["startDate"] = Begin };
    }

    private static JsonObject Describe(Started one)
    {
        bool running = one.Looked() < one.Happens.Looks - 1;
        var answer = new JsonObject
        {
            ["executionArn"] = one.Arn, ["name"] = one.Name, ["status"] = running ? "RUNNING" : one.Happens.Status, ["startDate"] = Begin,
        };
        if (!running)
        {
            answer["stopDate"] = Begin + 7.25;
            answer["error"] = one.Happens.Error;
            answer["cause"] = one.Happens.Cause;
        }

        return answer;
    }

    private static JsonObject History(Started one, JsonElement input)
    {
        int place = Text(input, "nextToken") is { } token ? int.Parse(token, CultureInfo.InvariantCulture) : 0;
        IReadOnlyList<JsonObject> events = one.Happens.EventsAt(one.Look);
        var page = new JsonObject { ["events"] = new JsonArray([.. events.Skip(place).Take(PageSize).Select(happened => happened.DeepClone())]) };
        if (place + PageSize < events.Count)
        {
            page["nextToken"] = (place + PageSize).ToString(CultureInfo.InvariantCulture);
        }

        return page;
    }

    private Started? Execution(JsonElement input) => executions.GetValueOrDefault(Text(input, "executionArn") ?? "");

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static JsonObject Fault(string type, string message) => new() { ["__type"] = $"com.amazonaws.swf.service.v2.model#{type}", ["message"] = message };

    private static async Task WriteAsync(HttpContext context, int status, JsonObject answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-amz-json-1.0";
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private sealed class Started(string arn, string name, string input, ExecutionHistory happens)
    {
        private int look = -1;

        public string Arn => arn;

        public string Name => name;

        public string Input => input;

        public ExecutionHistory Happens => happens;

        public int Look => Math.Max(look, 0);

        public JsonObject? Counts => happens.CountsAt(Look);

        public int Looked() => Interlocked.Increment(ref look);
    }
}
