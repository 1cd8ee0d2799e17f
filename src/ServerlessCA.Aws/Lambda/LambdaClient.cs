using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ServerlessCA.Aws.Http;

namespace ServerlessCA.Aws.Lambda;

/// <summary>Invokes functions and reads their configuration. Each method needs its permission: <c>lambda:InvokeFunction</c>,
/// <c>lambda:GetFunctionConfiguration</c>, <c>lambda:ListFunctions</c>.</summary>
/// <param name="http">Made by <see cref="AwsSession.Http"/> for <see cref="AwsService.Lambda"/>.</param>
public sealed class LambdaClient(SignedHttp http)
{
    /// <summary>The longest that a function can run (AWS Lambda quotas).</summary>
    public static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(15);

    private const string Functions = "2015-03-31/functions/";

    // More than the 6 MB of an answer (AWS Lambda quotas): a larger one is an error of the function.
    private const int MaxPayload = 8 << 20;

    /// <summary>Runs a function and waits for its answer.</summary>
    /// <param name="function">The function's name or ARN.</param>
    /// <param name="payload">The event, JSON.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellation">Stops waiting; the function runs on.</param>
    /// <returns>What the function answered, which may be an error of its own.</returns>
    /// <exception cref="AwsCallException">It was not run, or that is unknown:
    /// <see cref="AwsCallException.MayHaveWorked"/>.</exception>
    public async Task<InvokeResult> InvokeAsync(
        string function, ReadOnlyMemory<byte> payload, InvokeOptions? options, CancellationToken cancellation)
    {
        options ??= new InvokeOptions();
        var call = new SignedCall("Invoke", HttpMethod.Post, $"{Functions}{Escape(function)}/invocations", payload, "application/json")
        {
            Headers = [("X-Amz-Invocation-Type", "RequestResponse"), ("X-Amz-Log-Type", options.WithLog ? "Tail" : "None")],
            IsRepeatable = options.IsRepeatable,
            Limit = options.Limit ?? LongestRun,
            WholeLimit = options.WholeLimit,
            MaxAnswerBytes = MaxPayload,
        };
        SignedAnswer answer = await http.SendAsync(call, cancellation);
        string? log = answer.Header("X-Amz-Log-Result");
        string? tail = log is null ? null : Encoding.UTF8.GetString(Convert.FromBase64String(log));
        return new InvokeResult(answer.Body, answer.Header("X-Amz-Function-Error"), tail);
    }

    /// <summary>Reads a function's configuration; null when there is no such function.</summary>
    /// <exception cref="AwsCallException">It could not be read.</exception>
    public async Task<DeployedFunction?> GetConfigurationAsync(string function, CancellationToken cancellation)
    {
        try
        {
            string path = $"{Functions}{Escape(function)}/configuration";
            SignedAnswer answer = await http.SendAsync(Get("GetFunctionConfiguration", path), cancellation);
            using JsonDocument json = answer.Json();
            return DeployedFunction.Of(answer, json.RootElement);
        }
        catch (AwsCallException fault) when (fault.Code == "ResourceNotFoundException")
        {
            return null;
        }
    }

    /// <summary>Lists all functions of the account in this region, page by page.</summary>
    /// <exception cref="AwsCallException">They could not be read.</exception>
    public async IAsyncEnumerable<DeployedFunction> ListFunctionsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        string? marker = null;
        do
        {
            string page = marker is null ? "" : $"&Marker={Escape(marker)}";
            SignedAnswer answer = await http.SendAsync(Get("ListFunctions", $"{Functions}?MaxItems=50{page}"), cancellation);
            using JsonDocument json = answer.Json();
            foreach (JsonElement function in json.RootElement.List("Functions"))
            {
                yield return DeployedFunction.Of(answer, function);
            }

            marker = json.RootElement.Text("NextMarker");
        }
        while (!string.IsNullOrEmpty(marker));
    }

    private static SignedCall Get(string operation, string path) => new(operation, HttpMethod.Get, path, default, ContentType: null);

    private static string Escape(string part) => Uri.EscapeDataString(part);
}

/// <summary>Says how a function is invoked. Immutable.</summary>
public sealed record InvokeOptions
{
    /// <summary>Whether the answer contains the last 4 KB of the run's log.</summary>
    public bool WithLog { get; init; }

    /// <summary>Whether the function may run again although it may have run already: true for an event that it answers the same
    /// way again (a request with an <c>idempotency_token</c>).</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>The timeout of an attempt; null: 15 minutes, the longest that a function can run.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Called when <see cref="Limit"/> has passed, and returns how long to wait in all. Null: no longer.</summary>
    public Func<CancellationToken, Task<TimeSpan>>? WholeLimit { get; init; }
}

/// <summary>Holds what an invoked function answered. Immutable.</summary>
/// <param name="Payload">The answer, JSON; of a failed run <c>errorType</c>, <c>errorMessage</c> and a trace.</param>
/// <param name="FunctionError"><c>Unhandled</c> or <c>Handled</c> when the run failed, else null.</param>
/// <param name="LogTail">The last 4 KB of the run's log; null without <see cref="InvokeOptions.WithLog"/>.</param>
public sealed record InvokeResult(ReadOnlyMemory<byte> Payload, string? FunctionError, string? LogTail);

/// <summary>Describes a function as it is deployed. Immutable.</summary>
/// <param name="Name">The full name.</param>
/// <param name="Arn">The ARN.</param>
/// <param name="Runtime">The runtime, such as <c>provided.al2023</c>; empty for images.</param>
/// <param name="State"><c>Active</c>, <c>Pending</c>, <c>Inactive</c>, <c>Failed</c>; empty where AWS leaves it out (in lists).</param>
/// <param name="LastModified">When the function was last changed, as AWS writes it.</param>
/// <param name="MemoryMegabytes">The memory in megabytes.</param>
/// <param name="TimeoutSeconds">How long it may run, in seconds.</param>
/// <param name="Environment">The environment variables.</param>
public sealed record DeployedFunction(
    string Name, string Arn, string Runtime, string State, string LastModified, long MemoryMegabytes, long TimeoutSeconds,
    IReadOnlyDictionary<string, string> Environment)
{
    internal static DeployedFunction Of(SignedAnswer answer, JsonElement json) => new(
        answer.Required(json, "FunctionName"),
        answer.Required(json, "FunctionArn"),
        json.Text("Runtime") ?? "",
        json.Text("State") ?? "",
        json.Text("LastModified") ?? "",
        json.Number("MemorySize") ?? 0,
        json.Number("Timeout") ?? 0,
        Variables(json));

    private static Dictionary<string, string> Variables(JsonElement json) =>
        json.Member("Environment")?.Member("Variables") is { ValueKind: JsonValueKind.Object } variables
            ? variables.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetString() ?? "", StringComparer.Ordinal)
            : [];
}
