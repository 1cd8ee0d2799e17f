using System.Runtime.CompilerServices;
using System.Text.Json;
using ServerlessCA.Aws.Http;

namespace ServerlessCA.Aws.StepFunctions;

/// <summary>Starts state machines and follows them. Needs <c>states:StartExecution</c>, <c>states:DescribeExecution</c>,
/// <c>states:GetExecutionHistory</c>, <c>states:DescribeMapRun</c>, <c>states:ListStateMachines</c>, whichever is used.</summary>
/// <param name="http">Made by <see cref="AwsSession.Http"/> for <see cref="AwsService.StepFunctions"/>.</param>
public sealed class StepFunctionsClient(SignedHttp http)
{
    // A page has up to 1,000 events; without inputs and outputs an event has some hundred bytes (errors: 32 KB).
    private const int MaxPage = 64 << 20;

    /// <summary>Starts an execution.</summary>
    /// <param name="stateMachineArn">Which state machine.</param>
    /// <param name="name">The execution's name, unused for 90 days: starting it again with the same input is no second
    /// start. Null: AWS makes a name, and a start that may have worked is not repeated.</param>
    /// <param name="input">Its input, JSON.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The execution's ARN.</returns>
    /// <exception cref="AwsCallException">Not started, or nobody knows: <see cref="AwsCallException.MayHaveWorked"/>.</exception>
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

    /// <summary>How an execution stands; null when there is no such execution.</summary>
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

    /// <summary>How far a distributed map is.</summary>
    /// <exception cref="AwsCallException">It could not be read.</exception>
    public async Task<MapRun> DescribeMapRunAsync(string mapRunArn, CancellationToken cancellation)
    {
        byte[] body = RequestJson.Object(json => json.WriteString("mapRunArn", mapRunArn));
        SignedAnswer answer = await http.SendAsync(Call("DescribeMapRun", body), cancellation);
        using JsonDocument run = answer.Json();
        return MapRun.Of(answer, run.RootElement);
    }

    /// <summary>What an execution has done so far, oldest first, page by page, without inputs and outputs.</summary>
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

    /// <summary>All state machines of the account in this region, page by page.</summary>
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

    /// <summary>The state machine of a name; null when there is none.</summary>
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
