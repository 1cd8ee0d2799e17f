using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ServerlessCA.Cli.Tests.Served;

/// <summary>Answers on this machine whatever a test wants, in place of a CA.</summary>
public sealed class OddServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private OddServer(WebApplication app) => this.app = app;

    /// <summary>The address, such as <c>http://127.0.0.1:40001</c>.</summary>
    public string Url => app.Urls.Single();

    /// <summary>The requests that came, in order, such as <c>GET /api/v1/health</c>, with their queries.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Starts it.</summary>
    public static async Task<OddServer> StartAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        var server = new OddServer(app);
        app.Run(context =>
        {
            server.Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            return answer(context);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Starts one that answers everything in the same way.</summary>
    public static Task<OddServer> StartAsync(int status, string body) => StartAsync(context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    });

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
