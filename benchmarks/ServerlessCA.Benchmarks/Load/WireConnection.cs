using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace ServerlessCA.Benchmarks.Load;

/// <summary>A connection over HTTP/1.1 and TLS that stays open. It costs little beside a server on the same machine: requests are ready
/// octets, and answers are read and not interpreted.</summary>
internal sealed class WireConnection : IDisposable
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();

    private readonly SslStream tls;
    private byte[] buffer = new byte[64 * 1024];
    private int filled;

    private WireConnection(SslStream tls) => this.tls = tls;

    /// <summary>Connects, and agrees on TLS with whatever server is there.</summary>
    public static async Task<WireConnection> ConnectAsync(Uri url)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, url.Port);
#pragma warning disable CA5359 // the servers were started by the caller
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync(url.Host);
        return new WireConnection(tls);
    }

    /// <summary>Returns the octets of a POST; more headers have each its line end.</summary>
    public static byte[] Post(Uri url, string headers, byte[] body) =>
    [
        .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"POST {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n{headers}\r\n")),
        .. body,
    ];

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <returns>Status and body; the body is good until the next call.</returns>
    public async Task<(int Status, ReadOnlyMemory<byte> Body)> SendAsync(ReadOnlyMemory<byte> request)
    {
        await tls.WriteAsync(request);
        filled = 0;
        int head;
        while ((head = buffer.AsSpan(0, filled).IndexOf(HeadEnd)) < 0)
        {
            await FillAsync();
        }

        string[] lines = Encoding.ASCII.GetString(buffer, 0, head).Split("\r\n");
        int status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        int start = head + HeadEnd.Length;
        if (Header(lines, "Content-Length") is not { } length)
        {
            return (status, await ChunksAsync(start));
        }

        int end = start + int.Parse(length, CultureInfo.InvariantCulture);
        while (filled < end)
        {
            await FillAsync();
        }

        return (status, buffer.AsMemory(start, end - start));
    }

    public void Dispose() => tls.Dispose();

    private static string? Header(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    // Chunks (RFC 9112 section 7.1) become one piece, without trailers.
    private async Task<ReadOnlyMemory<byte>> ChunksAsync(int start)
    {
        int written = start;
        for (int read = start; ;)
        {
            int line;
            while ((line = buffer.AsSpan(read, filled - read).IndexOf("\r\n"u8)) < 0)
            {
                await FillAsync();
            }

            int size = int.Parse(Encoding.ASCII.GetString(buffer, read, line), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            read += line + 2;
            while (filled < read + size + 2)
            {
                await FillAsync();
            }

            buffer.AsSpan(read, size).CopyTo(buffer.AsSpan(written));
            written += size;
            read += size + 2;
            if (size == 0)
            {
                return buffer.AsMemory(start, written - start);
            }
        }
    }

    private async Task FillAsync()
    {
        if (filled == buffer.Length)
        {
            Array.Resize(ref buffer, 2 * filled);
        }

        int read = await tls.ReadAsync(buffer.AsMemory(filled));
        filled += read > 0 ? read : throw new InvalidOperationException("the server ended the connection");
    }
}
