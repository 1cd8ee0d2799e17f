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

/// <summary>One address for all of AWS (<c>AWS_ENDPOINT_URL</c>): hands each call to the emulator of its service, which
/// the signature names, and remembers it.</summary>
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

    /// <summary>Where it listens.</summary>
    public Uri Address => LoopbackApplication.AddressOf(server);

    /// <summary>How long each call is kept at least: a caller that does not wait for one call before the next is then seen not to.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>What the calls of DynamoDB consumed.</summary>
    public CapacityMeter Meter { get; } = new();

    /// <summary>The calls so far, in the order of their ends.</summary>
    public IReadOnlyList<AwsCall> Calls => [.. calls];

    /// <summary>Starts one.</summary>
    /// <param name="services">Emulators by signing names, such as <c>dynamodb</c>.</param>
    public static async Task<AwsGateway> StartAsync(IReadOnlyDictionary<string, Uri> services)
    {
        var gateway = new AwsGateway(services);
        gateway.server = await LoopbackApplication.StartAsync(gateway.AnswerAsync);
        return gateway;
    }

    /// <summary>Answers the next calls of a service with 503, each at once.</summary>
    public void Refuse(string service, int times) => refusals[service] = times;

    /// <summary>Forgets the calls so far.</summary>
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
        calls.Enqueue(new AwsCall(caller, service, operation, permissions, begun, Stopwatch.GetTimestamp())); // before the caller can go on
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

/// <summary>One call of AWS as it went through the gateway. Immutable.</summary>
/// <param name="Caller">Whose access key signed it.</param>
/// <param name="Service">By its signing name, such as <c>dynamodb</c>.</param>
/// <param name="Operation">Such as <c>TransactWriteItems</c>.</param>
/// <param name="Permissions">What IAM must allow for it.</param>
/// <param name="Begun">Ticks of a steady clock.</param>
/// <param name="Ended">The same.</param>
public sealed record AwsCall(
    string Caller, string Service, string Operation, IReadOnlyList<AwsPermission> Permissions, long Begun, long Ended)
{
    /// <summary>How many calls a caller waited for one after another: the longest chain of calls each of which began when
    /// the one before it had ended.</summary>
    public static int LongestChain(IReadOnlyList<AwsCall> calls)
    {
        int chain = 0;
        long ended = long.MinValue;
        foreach (AwsCall call in calls.OrderBy(call => call.Ended)) // the one that ends first leaves the most room
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

/// <summary>What IAM must allow. Immutable.</summary>
/// <param name="Action">Such as <c>dynamodb:PutItem</c>.</param>
/// <param name="Resource">The resource's own name, such as that of a table, <c>table/index</c>, an alias or <c>bucket/key</c>.</param>
public readonly record struct AwsPermission(string Action, string Resource);

/// <summary>Reads from a request which service is called, and what IAM must allow for it (Service Authorization Reference).</summary>
internal static partial class AwsCallReader
{
    /// <summary>Whose signature it is, and the service that it is for; empty without one.</summary>
    public static (string Caller, string Service) SignatureOf(HttpRequest request) =>
        Scope().Match(request.Headers.Authorization.ToString()) is { Success: true } scope ? (scope.Groups[1].Value, scope.Groups[2].Value) : ("", "");

    /// <summary>The operation, and what must be allowed.</summary>
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
