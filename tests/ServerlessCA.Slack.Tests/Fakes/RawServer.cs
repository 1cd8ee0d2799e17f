using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ServerlessCA.Slack.Tests.Fakes;

/// <summary>Sends the same bytes to every client, before or after its first bytes, and disconnects.</summary>
public sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly byte[] greeting;
    private readonly bool speaksFirst;
    private readonly Task serving;

    private RawServer(string greeting, bool speaksFirst)
    {
        this.speaksFirst = speaksFirst;
        this.greeting = Encoding.Latin1.GetBytes(greeting);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        serving = ServeAsync();
    }

    public int Port { get; }

    public static RawServer Start(string greeting, bool speaksFirst = false) => new(greeting, speaksFirst);

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync();
                byte[] some = new byte[1024];
                _ = speaksFirst ? 0 : await client.GetStream().ReadAsync(some);
                await client.GetStream().WriteAsync(greeting);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or InvalidOperationException or IOException)
        {
            // The listener was stopped, or a client disconnected first.
        }
    }
}
