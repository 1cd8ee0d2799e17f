using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
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
