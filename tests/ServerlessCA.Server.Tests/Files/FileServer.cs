using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Server.Files;

namespace ServerlessCA.Server.Tests.Files;

/// <summary>The published files of a stopped server at another time, without anything that would renew them.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private FileServer(WebApplication app)
    {
        this.app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public static async Task<FileServer> StartAsync(RunningServer server, DateTimeOffset at)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        WebApplication app = builder.Build();
        var endpoint = new PublishedEndpoint(new PublishedReader(server.Ca.PublishedFiles), server.Ca.Settings.Names, new FakeTimeProvider(at));
        app.Run(context => endpoint.ServeAsync(context, context.Request.Path.Value!.TrimStart('/')));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new FileServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }
}
