using System.Net;
using System.Net.Sockets;
using System.Text;
using ServerlessCA.Core;

namespace ServerlessCA.Cli.Agent;

/// <summary>Answers probes over HTTP: <c>/livez</c>, <c>/readyz</c>, <c>/metrics</c>. It shows nothing secret, takes no
/// input and sends one small answer a connection.</summary>
internal sealed class StatusServer : IAsyncDisposable
{
    private const int MaxHead = 8192; // octets of a request, as web servers have it
    private const int MaxConnections = 16; // our decision: probes and one scraper need two

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5); // our decision

    private readonly TcpListener listener;
    private readonly AgentStatus status;
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim free = new(MaxConnections);
    private readonly Task work;

    private StatusServer(TcpListener listener, AgentStatus status)
    {
        this.listener = listener;
        this.status = status;
        work = AcceptAsync();
    }

    /// <summary>The address and port it listens at.</summary>
    public IPEndPoint Address => (IPEndPoint)listener.LocalEndpoint;

    /// <summary>Starts listening.</summary>
    /// <exception cref="CommandFault">The address is taken, or this machine does not have it.</exception>
    public static StatusServer Start(IPEndPoint address, AgentStatus status)
    {
        var listener = new TcpListener(address);
        try
        {
            listener.Start();
        }
        catch (SocketException fault)
        {
            throw CommandFault.Fault($"--listen {address}: {fault.Message}", "choose another port or address", fault);
        }

        return new StatusServer(listener, status);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await work;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await free.WaitAsync(stop.Token);
                _ = ServeAsync(await listener.AcceptTcpClientAsync(stop.Token));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // stopped
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        limit.CancelAfter(Timeout);
        try
        {
            using (client)
            {
                NetworkStream stream = client.GetStream();
                string head = await ReadHeadAsync(stream, limit.Token);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(Answer(head)), limit.Token);
            }
        }
        catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException)
        {
            // the client has gone
        }
        finally
        {
            free.Release();
        }
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream, CancellationToken cancellation)
    {
        byte[] head = new byte[MaxHead];
        int length = 0;
        while (length < MaxHead && head.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            int read = await stream.ReadAsync(head.AsMemory(length), cancellation);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return Encoding.ASCII.GetString(head, 0, length);
    }

    private string Answer(string head) => head.Split('\r')[0].Split(' ') is ["GET", var path, _]
        ? path.Split('?')[0] switch
        {
            "/livez" => Reply(status.IsAlive ? "200 OK" : "503 Service Unavailable", status.IsAlive ? "alive\n" : "stuck\n"),
            "/readyz" => Reply(status.IsReady ? "200 OK" : "503 Service Unavailable", status.IsReady ? "ready\n" : "not ready\n"),
            "/metrics" => Reply("200 OK", status.Metrics(), "; version=0.0.4"),
            _ => Reply("404 Not Found", "livez, readyz, metrics\n"),
        }
        : Reply("405 Method Not Allowed", "GET only\n");

    private static string Reply(string state, string body, string version = "") =>
        $"HTTP/1.1 {state}\r\nContent-Type: text/plain{version}; charset=utf-8\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
}

/// <summary>Asks a running agent for its status: for health checks where there is neither a shell nor curl.</summary>
internal static class AgentProbe
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5); // our decision

    /// <summary>Sends one probe and writes the answer.</summary>
    /// <param name="terminal">Where the answer is written.</param>
    /// <param name="listen">The agent's <c>--listen</c>; where it is 0.0.0.0 or [::], the loopback address is used.</param>
    /// <param name="path"><c>livez</c> or <c>readyz</c>.</param>
    /// <param name="cancellation">Stops waiting for the answer.</param>
    /// <returns><see cref="ExitCode.Done"/> or <see cref="ExitCode.Unhealthy"/>.</returns>
    public static async Task<int> RunAsync(Terminal terminal, IPEndPoint listen, string path, CancellationToken cancellation)
    {
        IPAddress address = listen.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : listen.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : listen.Address;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout };
        http.DefaultRequestHeaders.UserAgent.ParseAdd(Product.UserAgent);
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri($"http://{new IPEndPoint(address, listen.Port)}/{path}"), cancellation);
            terminal.Write(await answer.Content.ReadAsStringAsync(cancellation));
            return answer.IsSuccessStatusCode ? ExitCode.Done : ExitCode.Unhealthy;
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            terminal.Error($"no agent answers at {listen}: {fault.Message}", "start it with the same --listen");
            return ExitCode.Unhealthy;
        }
    }
}
