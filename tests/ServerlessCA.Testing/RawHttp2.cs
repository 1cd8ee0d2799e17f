using System.Net.Security;
using System.Net.Sockets;
using Xunit;

namespace ServerlessCA.Testing;

/// <summary>Sends frames of HTTP/2 (RFC 9113) that no client would, and notes how the server ends the connection.</summary>
public sealed class RawHttp2 : IAsyncDisposable
{
    public const byte Data = 0, Headers = 1, ResetStream = 3, Settings = 4, Ping = 6, GoAway = 7, Continuation = 9; // types of frames
    public const byte EndStream = 1, EndHeaders = 4; // flags

    private readonly TcpClient tcp = new();
    private readonly TaskCompletionSource<uint?> unread = new();
    private SslStream tls = null!;

    private RawHttp2()
    {
    }

    /// <summary>Ends with the server's error code, or null when the connection ended without one.</summary>
    public Task<uint?> Ended { get; private set; } = null!;

    /// <summary>Connects to a port of this machine over TLS, and says that it speaks HTTP/2.</summary>
    /// <param name="port">The server's port.</param>
    /// <param name="reads">Whether it reads what the server answers; otherwise the answers stay where they are.</param>
    public static async Task<RawHttp2> ConnectAsync(int port, bool reads = true)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var connection = new RawHttp2();
        await connection.tcp.ConnectAsync("127.0.0.1", port, cancellation);
#pragma warning disable CA5359 // the server's identity does not matter here
        connection.tls = new SslStream(connection.tcp.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await connection.tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", ApplicationProtocols = [SslApplicationProtocol.Http2] }, cancellation);
        await connection.tls.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray(), cancellation);
        connection.Ended = reads ? connection.ReadAsync() : connection.unread.Task;
        return connection;
    }

    /// <summary>Makes a frame.</summary>
    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> content) =>
    [
        (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length, type, flags,
        (byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream, .. content,
    ];

    /// <summary>Sends bytes; false once the server has ended the connection.</summary>
    public async Task<bool> TrySendAsync(byte[] bytes)
    {
        try
        {
            if (!Ended.IsCompleted)
            {
                await tls.WriteAsync(bytes, TestContext.Current.CancellationToken);
                return true;
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // The server has ended it, or we have.
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        tcp.Dispose();
        unread.TrySetResult(null);
        await Ended;
        await tls.DisposeAsync();
    }

    private async Task<uint?> ReadAsync()
    {
        try
        {
            for (byte[] header = new byte[9]; ;)
            {
                await tls.ReadExactlyAsync(header);
                byte[] content = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
                await tls.ReadExactlyAsync(content);
                if (header[3] == GoAway)
                {
                    return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(4));
                }
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            return null;
        }
    }
}
