using System.Runtime.CompilerServices;
using System.Text.Json;
using ServerlessCA.Aws.Http;

namespace ServerlessCA.Aws.StepFunctions;

/// <summary>Starts state machines and follows their executions. Each method needs its permission: <c>states:StartExecution</c>,
/// <c>states:DescribeExecution</c>, <c>states:GetExecutionHistory</c>, <c>states:DescribeMapRun</c>,
/// <c>states:ListStateMachines</c>.</summary>
/// <param name="http">Made by <see cref="AwsSession.Http"/> for <see cref="AwsService.StepFunctions"/>.</param>
public sealed class StepFunctionsClient(SignedHttp http)
{
    // A page has up to 1,000 events; without inputs and outputs an event has some hundred bytes (errors: 32 KB).
    private const int MaxPage = 64 << 20;

    /// <summary>Starts an execution.</summary>
    /// <param name="stateMachineArn">The state machine's ARN.</param>
    /// <param name="name">The execution's name, unused for 90 days: a repeated start with the same name and input starts
    /// nothing. Null: AWS makes a name, and a start that may have succeeded is not repeated.</param>
    /// <param name="input">The input, JSON.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The execution's ARN.</returns>
    /// <exception cref="AwsCallException">It was not started, or that is unknown:
    /// <see cref="AwsCallException.MayHaveWorked"/>.</exception>
    public async Task<string> StartExecutionAsync(string stateMachineArn, string? name, string input, CancellationToken cancellation)
    {
        byte[] body = RequestJson.Object(json =>
        {
            json.WriteString("stateMachineArn", stateMachineArn);
            json.WriteString("input", input);
            if (name is not null)
            {
                json.WriteString("name", name);
            }
        });
        SignedAnswer answer = await http.SendAsync(Call("StartExecution", body) with { IsRepeatable = name is not null }, cancellation);
        using JsonDocument started = answer.Json();
        return answer.Required(started.RootElement, "executionArn");
    }

    /// <summary>Reads the state of an execution; null when there is no such execution.</summary>
    /// <exception cref="AwsCallException">It could not be read.</exception>
    public async Task<Execution?> DescribeExecutionAsync(string executionArn, CancellationToken cancellation)
    {
        try
        {
            byte[] body = RequestJson.Object(json => json.WriteString("executionArn", executionArn));
            SignedAnswer answer = await http.SendAsync(Call("DescribeExecution", body), cancellation);
            using JsonDocument json = answer.Json();
            return Execution.Of(answer, json.RootElement);
        }
        catch (AwsCallException fault) when (fault.Code == "ExecutionDoesNotExist")
        {
            return null;
        }
    }

    /// <summary>Reads how far a distributed map is.</summary>
    /// <exception cref="AwsCallException">It could not be read.</exception>
    public async Task<MapRun> DescribeMapRunAsync(string mapRunArn, CancellationToken cancellation)
    {
        byte[] body = RequestJson.Object(json => json.WriteString("mapRunArn", mapRunArn));
        SignedAnswer answer = await http.SendAsync(Call("DescribeMapRun", body), cancellation);
        using JsonDocument run = answer.Json();
        return MapRun.Of(answer, run.RootElement);
    }

    /// <summary>Reads an execution's history so far, oldest event first, page by page, without inputs and outputs.</summary>
    /// <exception cref="AwsCallException">It could not be read.</exception>
    public async IAsyncEnumerable<ExecutionEvent> GetExecutionHistoryAsync(
        string executionArn, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? token = null;
        do
        {
            byte[] body = RequestJson.Object(json =>
            {
                json.WriteString("executionArn", executionArn);
                json.WriteNumber("maxResults", 1000);
                json.WriteBoolean("includeExecutionData", false);
                WriteToken(json, token);
            });
            SignedAnswer answer = await http.SendAsync(Call("GetExecutionHistory", body) with { MaxAnswerBytes = MaxPage }, cancellation);
            using JsonDocument page = answer.Json();
            foreach (JsonElement one in page.RootElement.List("events"))
            {
                yield return ExecutionEvent.Of(answer, one);
            }

            token = page.RootElement.Text("nextToken");
        }
        while (!string.IsNullOrEmpty(token));
    }

    /// <summary>Lists all state machines of the account in this region, page by page.</summary>
    /// <exception cref="AwsCallException">They could not be read.</exception>
    public async IAsyncEnumerable<StateMachine> ListStateMachinesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        string? token = null;
        do
        {
            byte[] body = RequestJson.Object(json =>
            {
                json.WriteNumber("maxResults", 1000);
                WriteToken(json, token);
            });
            SignedAnswer answer = await http.SendAsync(Call("ListStateMachines", body), cancellation);
            using JsonDocument page = answer.Json();
            foreach (JsonElement one in page.RootElement.List("stateMachines"))
            {
                yield return new StateMachine(answer.Required(one, "name"), answer.Required(one, "stateMachineArn"));
            }

            token = page.RootElement.Text("nextToken");
        }
        while (!string.IsNullOrEmpty(token));
    }

    /// <summary>Finds a state machine by its name; null when there is none.</summary>
    /// <exception cref="AwsCallException">They could not be read.</exception>
    public async Task<StateMachine?> FindStateMachineAsync(string name, CancellationToken cancellation)
    {
        await foreach (StateMachine one in ListStateMachinesAsync(cancellation))
        {
            if (one.Name == name)
            {
                return one;
            }
        }

        return null;
    }

    private static SignedCall Call(string operation, byte[] body) => SignedCall.Json($"AWSStepFunctions.{operation}", body, version: "1.0");

    private static void WriteToken(Utf8JsonWriter json, string? token)
    {
        if (token is not null)
        {
            json.WriteString("nextToken", token);
        }
    }
}

/// <summary>Names a state machine. Immutable.</summary>
/// <param name="Name">The name, such as <c>serverless-ca-dev</c>.</param>
/// <param name="Arn">Its ARN.</param>
public sealed record StateMachine(string Name, string Arn);

/// <summary>Holds the state of an execution. Immutable.</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="Status"><c>RUNNING</c>, <c>SUCCEEDED</c>, <c>FAILED</c>, <c>TIMED_OUT</c>, <c>ABORTED</c>, <c>PENDING_REDRIVE</c>.</param>
/// <param name="Started">When it started, UTC.</param>
/// <param name="Stopped">When it ended; null while it runs.</param>
/// <param name="Output">The output, JSON; null unless it succeeded.</param>
/// <param name="Error">The error that ended it; null for none.</param>
/// <param name="Cause">The error's description; null for none.</param>
public sealed record Execution(
    string Arn, string Status, DateTimeOffset? Started, DateTimeOffset? Stopped, string? Output, string? Error, string? Cause)
{
    /// <summary>Whether it is still running.</summary>
    public bool IsRunning => Status == "RUNNING";

    /// <summary>Whether it ended without an error.</summary>
    public bool HasSucceeded => Status == "SUCCEEDED";

    internal static Execution Of(SignedAnswer answer, JsonElement json) => new(
        answer.Required(json, "executionArn"),
        answer.Required(json, "status"),
        json.Time("startDate"),
        json.Time("stopDate"),
        json.Text("output"),
        json.Text("error"),
        json.Text("cause"));
}

/// <summary>Describes one event of an execution's history. Immutable.</summary>
/// <param name="Id">The event's number, from 1.</param>
/// <param name="PreviousId">The number of the event that it follows; 0 for none.</param>
/// <param name="Type">The type, such as <c>TaskStateEntered</c>, <c>TaskFailed</c>, <c>MapRunFailed</c>.</param>
/// <param name="Time">When it happened, UTC.</param>
/// <param name="StateName">The state that was entered or left; null for other events.</param>
/// <param name="Error">The error that it reports; null for none.</param>
/// <param name="Cause">The error's description; null for none.</param>
/// <param name="MapRunArn">The run of a distributed map that began with this event; null for other events.</param>
public sealed record ExecutionEvent(
    long Id, long PreviousId, string Type, DateTimeOffset? Time, string? StateName, string? Error, string? Cause, string? MapRunArn)
{
    internal static ExecutionEvent Of(SignedAnswer answer, JsonElement json)
    {
        // Each type has its details under a name of its own, such as taskFailedEventDetails.
        JsonElement details = json.EnumerateObject()
            .FirstOrDefault(member => member.Name.EndsWith("EventDetails", StringComparison.Ordinal)).Value;
        return new(
            json.Number("id") ?? 0,
            json.Number("previousEventId") ?? 0,
            answer.Required(json, "type"),
            json.Time("timestamp"),
            details.Text("name"),
            details.Text("error"),
            details.Text("cause"),
            details.Text("mapRunArn"));
    }
}

/// <summary>Counts the items of a run of a distributed map. Immutable.</summary>
/// <param name="Status"><c>RUNNING</c>, <c>SUCCEEDED</c>, <c>FAILED</c>, <c>ABORTED</c>.</param>
/// <param name="Total">The number of items that have been read so far.</param>
/// <param name="Succeeded">The number of items without an error.</param>
/// <param name="Failed">The number of items that ended in an error, a timeout or by abortion.</param>
public sealed record MapRun(string Status, long Total, long Succeeded, long Failed)
{
    /// <summary>The number of items that ended, with or without an error.</summary>
    public long Ended => Succeeded + Failed;

    internal static MapRun Of(SignedAnswer answer, JsonElement json)
    {
        JsonElement counts = json.Member("itemCounts") ?? default;
        return new(
            answer.Required(json, "status"),
            counts.Number("total") ?? 0,
            counts.Number("succeeded") ?? 0,
            (counts.Number("failed") ?? 0) + (counts.Number("timedOut") ?? 0) + (counts.Number("aborted") ?? 0));
    }
}
