using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ServerlessCA.Lambda.Tests.Support;

/// <summary>Accepts connections and never answers.</summary>
internal sealed class SilentServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}";

    public static SilentServer Start()
    {
        var server = new SilentServer();
        server.listener.Start();
        return server;
    }

    public ValueTask DisposeAsync()
    {
        listener.Dispose();
        return ValueTask.CompletedTask;
    }
}
