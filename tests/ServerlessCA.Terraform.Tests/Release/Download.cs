using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Emulators.RuntimeApi;

namespace ServerlessCA.Terraform.Tests.Release;

/// <summary>A server of downloads on loopback: one file, at the path that pages name.</summary>
internal sealed class Download : IAsyncDisposable
{
    private readonly WebApplication server;

    private Download(WebApplication server) => this.server = server;

    /// <summary>Where it is, without a path.</summary>
    public string Address => LoopbackApplication.AddressOf(server).GetLeftPart(UriPartial.Authority);

    /// <summary>Serves a file at a path, and nothing else.</summary>
    public static async Task<Download> StartAsync(string path, string file) => new(await LoopbackApplication.StartAsync(async context =>
    {
        if (context.Request.Path != path)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentLength = new FileInfo(file).Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.SendFileAsync(file, context.RequestAborted);
        }
    }));

    public async ValueTask DisposeAsync() => await LoopbackApplication.StopAsync(server);
}
