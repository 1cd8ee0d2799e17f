using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ServerlessCA.Server.Tests.Support;

/// <summary>Sends what no HTTP client would.</summary>
public static class RawHttp
{
    /// <summary>Sends bytes and returns the beginning of the answer.</summary>
    public static async Task<string> SendRawAsync(this RunningServer server, string request)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port, cancellation);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), cancellation);
        var answer = new MemoryStream();
        try
        {
            // Once the answer has begun the server may wait for more, and so would the test.
            byte[] buffer = new byte[65_536];
            for (int read; (read = await client.GetStream().ReadAsync(buffer, cancellation)) > 0;)
            {
                answer.Write(buffer, 0, read);
                if (Encoding.Latin1.GetString(answer.ToArray()).Contains("\r\n\r\n", StringComparison.Ordinal) && client.Available == 0)
                {
                    break;
                }
            }
        }
        catch (IOException)
        {
            // The server ended the connection during sending.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
