using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ServerlessCA.Emulators;

/// <summary>A loopback proxy before an emulator of any AWS service, which records every call and makes chosen ones fail.
/// Clients of any process use its address as their endpoint. It does not renew signatures, as emulators do not check
/// them.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private static readonly HashSet<string> OwnHeaders =
        new(["Connection", "Transfer-Encoding", "Keep-Alive", "Content-Length", "Date", "Server"], StringComparer.OrdinalIgnoreCase);

    private readonly Lock gate = new();
    private readonly List<ServiceCall> calls = [];
    private readonly List<FaultRule> rules = [];
    private readonly HttpClient http;
    private readonly WebApplication application;
    private readonly Uri target;

    private FaultProxy(Uri target)
    {
        this.target = target;
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = null;
            options.Listen(IPAddress.Loopback, 0);
        });
        application = builder.Build();
        application.Run(HandleAsync);
    }

    /// <summary>The address at which it listens.</summary>
    public Uri Address => new(application.Urls.Single());

    /// <summary>All calls so far, with the failed ones, in the order in which they came.</summary>
    public IReadOnlyList<ServiceCall> Calls
    {
        get
        {
            lock (gate)
            {
                return [.. calls];
            }
        }
    }

    /// <summary>The number of calls that failed as planned.</summary>
    public int Failed { get; private set; }

    /// <summary>An action that runs before a call is passed on, so that a test can act in between.</summary>
    public Func<ServiceCall, Task>? Before { get; set; }

    /// <summary>Starts a proxy.</summary>
    /// <param name="target">The address of the emulator.</param>
    public static async Task<FaultProxy> StartAsync(Uri target)
    {
        var proxy = new FaultProxy(target);
        await proxy.application.StartAsync();
        return proxy;
    }

    /// <summary>Makes calls fail.</summary>
    /// <param name="fault">How they fail.</param>
    /// <param name="action">The action whose calls fail, such as <c>PutItem</c>; null for all.</param>
    /// <param name="nth">The number of the first one, counted from now, from 1.</param>
    /// <param name="times">The number of consecutive calls.</param>
    public void Fail(ServiceFault fault, string? action = null, int nth = 1, int times = 1) => Add(new FaultRule(action, nth, times, fault, null));

    /// <summary>Answers calls in the service's place.</summary>
    /// <param name="answer">The answer that the client gets.</param>
    /// <param name="action">The action whose calls are answered; null for all.</param>
    /// <param name="nth">The number of the first one, counted from now, from 1.</param>
    /// <param name="times">The number of consecutive calls.</param>
    public void Answer(ServiceAnswer answer, string? action = null, int nth = 1, int times = 1) => Add(new FaultRule(action, nth, times, null, answer));

    /// <summary>Removes all calls and plans.</summary>
    public void Clear()
    {
        lock (gate)
        {
            calls.Clear();
            rules.Clear();
            Failed = 0;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        http.Dispose();
    }

    private void Add(FaultRule rule)
    {
        lock (gate)
        {
            rules.Add(rule);
        }
    }

    private FaultRule? Record(ServiceCall call)
    {
        lock (gate)
        {
            calls.Add(call);
            FaultRule[] met = [.. rules.Where(rule => rule.Meets(call))];
            Failed += met.Length > 0 ? 1 : 0;
            return met.FirstOrDefault();
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var call = ServiceCall.Of(context.Request, body.ToArray());
        FaultRule? rule = Record(call);
        await (Before?.Invoke(call) ?? Task.CompletedTask);

        // A client may repeat a request by itself that failed on a used connection.
        context.Response.Headers.Connection = "close";
        if (rule?.Answer is { } answer)
        {
            await WriteAsync(context.Response, answer);
        }
        else if (rule?.Fault == ServiceFault.Throttled)
        {
            await WriteAsync(context.Response, ServiceAnswer.Throttled(context.Request, call));
        }
        else if (rule?.Fault == ServiceFault.Lost)
        {
            context.Abort();
        }
        else
        {
            await PassOnAsync(context, call, answerLost: rule is not null);
        }
    }

    private static async Task WriteAsync(HttpResponse response, ServiceAnswer answer)
    {
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        if (answer.ErrorType is { } type)
        {
            response.Headers["x-amzn-ErrorType"] = type;
        }

        await response.WriteAsync(answer.Body);
    }

    private async Task PassOnAsync(HttpContext context, ServiceCall call, bool answerLost)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(target, call.Target));
        request.Content = call.Body.Length > 0 ? new ReadOnlyMemoryContent(call.Body) : null;
        foreach ((string name, var values) in context.Request.Headers.Where(header => !OwnHeaders.Contains(header.Key) || header.Key == "Date"))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        using HttpResponseMessage response = await http.SendAsync(request);
        if (answerLost)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers).Where(header => !OwnHeaders.Contains(header.Key)))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await response.Content.CopyToAsync(context.Response.Body);
    }
}

/// <summary>Says which calls fail, and how. Its proxy locks it.</summary>
internal sealed class FaultRule(string? action, int nth, int times, ServiceFault? fault, ServiceAnswer? answer)
{
    private int seen;

    public ServiceFault? Fault => fault;

    public ServiceAnswer? Answer => answer;

    /// <summary>Counts a call and decides whether it fails.</summary>
    public bool Meets(ServiceCall call)
    {
        if (action is not null && action != call.Action)
        {
            return false;
        }

        seen++;
        return seen >= nth && seen - nth < times;
    }
}

/// <summary>Says how a call of a service fails.</summary>
public enum ServiceFault
{
    /// <summary>The call never reaches the service: the connection breaks.</summary>
    Lost,

    /// <summary>The service carries the call out, but the connection breaks before its answer.</summary>
    DoneButAnswerLost,

    /// <summary>The service does nothing and answers, in its own form, that there are too many requests.</summary>
    Throttled,
}
