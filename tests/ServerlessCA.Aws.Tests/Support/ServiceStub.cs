using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessCA.Aws.Http;
using Xunit;

namespace ServerlessCA.Aws.Tests.Support;

/// <summary>Stands in for services without an emulator: it gives the test's answers in order, and records the
/// requests.</summary>
internal sealed class ServiceStub : IAsyncDisposable
{
    private readonly ConcurrentQueue<Given> replies = new();
    private readonly ConcurrentQueue<Request> requests = new();
    private readonly WebApplication app;

    private ServiceStub(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    /// <summary>The requests so far.</summary>
    public IReadOnlyList<Request> Requests => [.. requests];

    public static async Task<ServiceStub> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging(logging => logging.ClearProviders());
        var stub = new ServiceStub(builder.Build());
        stub.app.Run(stub.AnswerAsync);
        await stub.app.StartAsync();
        return stub;
    }

    /// <summary>Adds an answer.</summary>
    public ServiceStub Reply(string body, int status = 200, params (string Name, string Value)[] headers)
    {
        replies.Enqueue(new Given(status, Encoding.UTF8.GetBytes(body), headers));
        return this;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        string target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var headers = http.Request.Headers.ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        requests.Enqueue(new Request(http.Request.Method, target, await reader.ReadToEndAsync(http.RequestAborted), headers));
        Given reply = replies.TryDequeue(out Given? next) ? next : new Given(500, "the test gave no answer"u8.ToArray(), []);
        http.Response.StatusCode = reply.Status;
        foreach ((string name, string value) in reply.Headers)
        {
            http.Response.Headers[name] = value;
        }

        await http.Response.Body.WriteAsync(reply.Body, http.RequestAborted);
    }

    /// <summary>Holds a request.</summary>
    public sealed record Request(string Method, string Target, string Body, IReadOnlyDictionary<string, string> Headers);

    private sealed record Given(int Status, byte[] Body, (string Name, string Value)[] Headers);
}

/// <summary>Gives each test a service with the test's answers, and a session that calls it.</summary>
public abstract class StubFixture : IAsyncLifetime
{
    private protected Faults Faults { get; } = new();

    private protected ServiceStub Stub { get; private set; } = null!;

    private protected AwsSession Session { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Stub = await ServiceStub.StartAsync();
        Session = TestSession.At(Stub.Address, Faults.Transport);
    }

    public async ValueTask DisposeAsync()
    {
        Session.Dispose();
        await Stub.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected SignedHttp Http(AwsService service) => Session.Http(service);
}
