using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ServerlessCA.Emulators;

/// <summary>A proxy on loopback that refuses every connection and records the requested hosts. Clients of any process use it
/// through <c>HTTPS_PROXY</c>.</summary>
public sealed class ConnectProxy : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> hosts = new();
    private readonly CancellationTokenSource stop = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Task running;

    private ConnectProxy()
    {
        listener.Start();
        running = RunAsync();
    }

    /// <summary>The address at which it listens.</summary>
    public Uri Address => new($"http://{listener.LocalEndpoint}");

    /// <summary>The requested hosts, such as <c>sns.eu-west-2.amazonaws.com:443</c>, each once, in order.</summary>
    public IReadOnlyList<string> Hosts => [.. hosts.Distinct()];

    /// <summary>Starts a proxy.</summary>
    public static ConnectProxy Start() => new();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        listener.Dispose();
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync(stop.Token);
                await RefuseAsync(client.GetStream());
            }
        }
        catch (OperationCanceledException)
        {
            // The listener was stopped.
        }
    }

    private async Task RefuseAsync(NetworkStream stream)
    {
        try
        {
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            string[] request = (await reader.ReadLineAsync(stop.Token) ?? "").Split(' ');
            while (await reader.ReadLineAsync(stop.Token) is { Length: > 0 })
            {
                // Headers are not needed.
            }

            hosts.Enqueue(request is ["CONNECT", { } host, ..] ? host : string.Join(' ', request));
            await stream.WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), stop.Token);
        }
        catch (IOException)
        {
            // The client closed the connection.
        }
    }
}
