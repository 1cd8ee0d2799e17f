using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ServerlessCA.Emulators.RuntimeApi;

namespace ServerlessCA.Emulators.Gateway;

/// <summary>One address for all of AWS (<c>AWS_ENDPOINT_URL</c>), which passes each call to the emulator of the service that
/// the signature names, and records it.</summary>
public sealed class AwsGateway : IAsyncDisposable
{
    private static readonly string[] OfTheConnection = ["Transfer-Encoding", "Connection", "Keep-Alive", "Date", "Server"];

    private readonly HttpClient upstream;
    private readonly ConcurrentQueue<AwsCall> calls = new();
    private readonly ConcurrentDictionary<string, int> refusals = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, Uri> services;
    private WebApplication server = null!;

    private AwsGateway(IReadOnlyDictionary<string, Uri> services)
    {
        this.services = services;
        upstream = new HttpClient(Meter);
    }

    /// <summary>The address at which it listens.</summary>
    public Uri Address => LoopbackApplication.AddressOf(server);

    /// <summary>How long each call takes at least, which shows which calls a caller makes at the same time.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>Measures what the calls of DynamoDB consume.</summary>
    public CapacityMeter Meter { get; } = new();

    /// <summary>The calls so far, in the order in which they ended.</summary>
    public IReadOnlyList<AwsCall> Calls => [.. calls];

    /// <summary>Starts a gateway.</summary>
    /// <param name="services">The emulators by the services' signing names, such as <c>dynamodb</c>.</param>
    public static async Task<AwsGateway> StartAsync(IReadOnlyDictionary<string, Uri> services)
    {
        var gateway = new AwsGateway(services);
        gateway.server = await LoopbackApplication.StartAsync(gateway.AnswerAsync);
        return gateway;
    }

    /// <summary>Answers the next calls of a service with 503, without a delay.</summary>
    public void Refuse(string service, int times) => refusals[service] = times;

    /// <summary>Removes the calls so far.</summary>
    public void Clear() => calls.Clear();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await LoopbackApplication.StopAsync(server);
        upstream.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        (string caller, string service) = AwsCallReader.SignatureOf(context.Request);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (!services.TryGetValue(service, out Uri? emulator))
        {
            context.Response.StatusCode = (int)HttpStatusCode.NotImplemented;
            return;
        }

        if (refusals.AddOrUpdate(service, -1, (_, left) => left - 1) >= 0)
        {
            context.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            return;
        }

        (string operation, AwsPermission[] permissions) = AwsCallReader.Read(service, context.Request, body.ToArray());
        long begun = Stopwatch.GetTimestamp();
        using HttpRequestMessage message = Message(context.Request, emulator, body.ToArray());
        using HttpResponseMessage answer = await upstream.SendAsync(message, context.RequestAborted);
        await Task.Delay(Latency, context.RequestAborted);
        byte[] content = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
        calls.Enqueue(new AwsCall(caller, service, operation, permissions, begun, Stopwatch.GetTimestamp())); // before the caller gets its answer
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach ((string name, IEnumerable<string> values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!OfTheConnection.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        if (!HttpMethods.IsHead(context.Request.Method) && content.Length > 0)
        {
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        }
    }

    private static HttpRequestMessage Message(HttpRequest request, Uri emulator, byte[] body)
    {
        string target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(emulator, target)) { Content = new ByteArrayContent(body) };
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in request.Headers)
        {
            if (name is not ("Host" or "Expect" or "Connection" or "Transfer-Encoding" or "Content-Length")
                && !message.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                message.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        return message;
    }
}

/// <summary>Describes one call of AWS that passed the gateway. Immutable.</summary>
/// <param name="Caller">The access key that signed it.</param>
/// <param name="Service">The service's signing name, such as <c>dynamodb</c>.</param>
/// <param name="Operation">The operation, such as <c>TransactWriteItems</c>.</param>
/// <param name="Permissions">The permissions that it needs.</param>
/// <param name="Begun">When it began, in ticks of <see cref="Stopwatch"/>.</param>
/// <param name="Ended">When it ended, in the same ticks.</param>
public sealed record AwsCall(
    string Caller, string Service, string Operation, IReadOnlyList<AwsPermission> Permissions, long Begun, long Ended)
{
    /// <summary>Counts how many calls a caller waited for one after another: the longest chain of calls that each began after
    /// the one before had ended.</summary>
    public static int LongestChain(IReadOnlyList<AwsCall> calls)
    {
        int chain = 0;
        long ended = long.MinValue;
        foreach (AwsCall call in calls.OrderBy(call => call.Ended)) // taking the one that ends first gives the longest chain
        {
            if (call.Begun >= ended)
            {
                chain++;
                ended = call.Ended;
            }
        }

        return chain;
    }
}

/// <summary>Names a permission that IAM must grant. Immutable.</summary>
/// <param name="Action">The action, such as <c>dynamodb:PutItem</c>.</param>
/// <param name="Resource">The resource's own name, such as that of a table, <c>table/index</c>, an alias or <c>bucket/key</c>.</param>
public readonly record struct AwsPermission(string Action, string Resource);

/// <summary>Reads from a request the service that is called, and the permissions that it needs (Service Authorization
/// Reference).</summary>
internal static partial class AwsCallReader
{
    /// <summary>Reads the access key of the signature and the service that it is for; both are empty without one.</summary>
    public static (string Caller, string Service) SignatureOf(HttpRequest request) =>
        Scope().Match(request.Headers.Authorization.ToString()) is { Success: true } scope ? (scope.Groups[1].Value, scope.Groups[2].Value) : ("", "");

    /// <summary>Reads the operation and the permissions that it needs.</summary>
    public static (string Operation, AwsPermission[] Permissions) Read(string service, HttpRequest request, byte[] body) => service switch
    {
        "s3" => OfS3(request),
        "sns" or "iam" or "sqs" => OfQuery(service, body),
        _ => OfJson(service, request, body),
    };

    private static (string, AwsPermission[]) OfS3(HttpRequest request)
    {
        string operation = HttpMethods.IsPut(request.Method) ? "PutObject" : "GetObject";
        return (operation, [new AwsPermission($"s3:{operation}", (request.Path.Value ?? "").Trim('/'))]);
    }

    private static (string, AwsPermission[]) OfQuery(string service, byte[] body)
    {
        Dictionary<string, string> form = Encoding.UTF8.GetString(body).Split('&').Select(field => field.Split('='))
            .ToDictionary(field => field[0], field => Uri.UnescapeDataString(field[^1]), StringComparer.Ordinal);
        string operation = form.GetValueOrDefault("Action", "");
        return (operation, [new AwsPermission($"{service}:{operation}", form.GetValueOrDefault("TopicArn", "*"))]);
    }

    private static (string, AwsPermission[]) OfJson(string service, HttpRequest request, byte[] body)
    {
        string operation = request.Headers["X-Amz-Target"].ToString().Split('.')[^1];
        using JsonDocument json = JsonDocument.Parse(body);
        return (operation, operation switch
        {
            "TransactWriteItems" => [.. json.RootElement.GetProperty("TransactItems").EnumerateArray().SelectMany(item => item.EnumerateObject()).Select(OfTransaction)],
            "BatchGetItem" or "BatchWriteItem" =>
                [.. json.RootElement.GetProperty("RequestItems").EnumerateObject().Select(table => new AwsPermission($"{service}:{operation}", table.Name))],
            _ => [new AwsPermission($"{service}:{operation}", ResourceOf(json.RootElement))],
        });
    }

    private static AwsPermission OfTransaction(JsonProperty item) => new(
        item.Name == "ConditionCheck" ? "dynamodb:ConditionCheckItem" : $"dynamodb:{item.Name}Item", ResourceOf(item.Value));

    private static string ResourceOf(JsonElement json)
    {
        string? name = Text(json, "TableName") ?? Text(json, "KeyId") ?? Text(json, "SecretId");
        return Text(json, "IndexName") is { } index ? $"{name}/{index}" : name ?? "*";
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    [GeneratedRegex("Credential=([^/]+)/[0-9]+/[^/]+/([^/]+)/aws4_request")]
    private static partial Regex Scope();
}
