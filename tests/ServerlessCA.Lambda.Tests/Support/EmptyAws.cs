using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Emulators.RuntimeApi;

namespace ServerlessCA.Lambda.Tests.Support;

/// <summary>Has nothing of what it is asked for.</summary>
internal sealed class EmptyAws : IAsyncDisposable
{
    private readonly WebApplication server;

    private EmptyAws(WebApplication server) => this.server = server;

    public string Address => LoopbackApplication.AddressOf(server).ToString();

    public static async Task<EmptyAws> StartAsync() => new(await LoopbackApplication.StartAsync(async context =>
    {
        context.Response.StatusCode = (int)HttpStatusCode.BadRequest;
        await context.Response.WriteAsync("""{"__type": "ResourceNotFoundException", "Message": "There is nothing here."}""");
    }));

    public async ValueTask DisposeAsync() => await LoopbackApplication.StopAsync(server);
}
