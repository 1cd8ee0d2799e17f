using System.Net;
using System.Net.Sockets;
using System.Text;
using ServerlessCA.Fuzzing.Engine;
using ServerlessCA.Server;

namespace ServerlessCA.Fuzzing.Targets;

/// <summary>Makes the target for what comes over a connection: the input is all that a client sends to the real server, by a real
/// connection of this machine.</summary>
internal static class HttpTarget
{
    private const string Invoke = "POST /2015-03-31/functions/serverless-tls-cert-dev/invocations HTTP/1.1\r\nHost: localhost\r\n";

    // HTTP/2 begins with it (RFC 9113 §3.4); whoever knows that we understand it may send it without TLS.
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    // An empty frame of settings, and a GET of / in the header table's numbers (RFC 9113 §6.5, §6.2, RFC 7541 appendix A).
    private static readonly byte[] Frames = Convert.FromHexString("000000040000000000" + "000006010500000001" + "828486410161");

    private static readonly string[] Begin =
    [
        "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /serverless-root-ca-dev.crl HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: \"a\"\r\nRange: bytes=0-3\r\n\r\n",
        $"{Invoke}Content-Length: 2\r\n\r\n{{}}",
        $"{Invoke}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n1;a=b\r\n}}\r\n0\r\nTrailer: x\r\n\r\n",
        $"{Invoke}X-Amz-Invocation-Type: Event\r\nExpect: 100-continue\r\nContent-Length: 26\r\n\r\n{{\"common_name\":\"a.test\"  }}",
        "GET /api/v1/certificates?limit=2&name=a* HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer abc\r\nCookie: a=b\r\n\r\n",
        "POST /api/v1/revocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n{\"serial_number\":\"12\"}",
        "POST /api/v1/plan HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"tls\":[]}",
        "GET /2015-03-31/functions?MaxItems=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: AWS4-HMAC-SHA256 Credential=a/20300101/eu-west-2/lambda/aws4_request, SignedHeaders=host, Signature=00\r\nX-Amz-Date: 20300101T120000Z\r\n\r\n",
    ];

    /// <summary>Makes it.</summary>
    public static FuzzTarget Make()
    {
        var server = new FuzzedServer();
        return new FuzzTarget("http", server.Send)
        {
            Seeds = [.. Begin.Select(Encoding.Latin1.GetBytes), [.. Preface, .. Frames]],
            Words = RequestTargets.Words(
                "GET ", "HEAD ", "POST ", "OPTIONS ", "DELETE ", " HTTP/1.1\r\n", " HTTP/1.0\r\n", " HTTP/2.0\r\n", "Host: a\r\n", "\r\n", "\r\n\r\n", "\n\n", "\r\n \t", ":",
                "Content-Length: 10\r\n", "Content-Length: -1\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n", "Connection: close\r\n",
                "Connection: Upgrade, HTTP2-Settings\r\n", "Upgrade: h2c\r\n", "Expect: 100-continue\r\n", "0\r\n\r\n", "ffffffff\r\n", "1\r\n", ";x=y", "Authorization: Bearer ",
                "Authorization: AWS4-HMAC-SHA256 Credential=", "Cookie: ", "Origin: http://localhost\r\n", "Range: bytes=", "If-None-Match: ", "X-Amz-Invocation-Type: DryRun\r\n",
                "X-Amz-Invocation-Type: Event\r\n", "/health", "/metrics", "/schemas/", "/2015-03-31/functions/", "/invocations", "serverless-expiry-dev", "serverless-tls-cert-dev",
                "arn:aws:lambda:eu-west-2:123456789012:function:", "?Qualifier=$LATEST", "?Marker=1", "/api/v1/", "certificates", "certificates/summary", "names/", "history", "session",
                "run", "plan", "revocations", "authorities", "openapi.json", "/pem", "/p7b", "?cursor=", "&limit=", "%00", "%2f", "%ff", "..", "\0", Encoding.ASCII.GetString(Preface)),
        };
    }
}

/// <summary>Is a server with a CA in memory that is started anew after some thousand inputs.</summary>
internal sealed class FuzzedServer
{
    private const int Inputs = 2_000;

    // Sets the pace only: whoever waits so long for an answer ends its half of the connection.
    private const int PaceMicroseconds = 20_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // Whatever is still open behind an input gets an end, unless its body is still to come.
    private static readonly byte[] End = "\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray();

    private Running? running;
    private int left;

    /// <summary>Sends all of an input, and then asks for something good. Either is answered, or the first connection is
    /// closed.</summary>
    public void Send(byte[] input)
    {
        if (left-- <= 0)
        {
            running?.Stop();
            running = Running.Start();
            left = Inputs - 1;
        }

        byte[] answer = Exchange(running!.Port, [.. input, .. End]);
        bool isFrame = input.AsSpan().IndexOf("PRI * HTTP/2.0"u8) >= 0 && IsFrame(answer);
        Property.Holds(answer.Length == 0 || isFrame || answer.AsSpan().StartsWith("HTTP/1.1 "u8), "the answer is not HTTP");
        Property.Holds(!answer.AsSpan().StartsWith("HTTP/1.1 500"u8), "the answer is 500");
        Property.Holds(running.Log.First is null, $"the log has {running.Log.First}");
        using HttpResponseMessage good = running.Http.GetAsync("/2015-03-31/functions").GetAwaiter().GetResult();
        Property.Holds(good.StatusCode == HttpStatusCode.OK, $"the next good request is answered {(int)good.StatusCode}");
    }

    // Settings, or the reason for going away, of the whole connection (RFC 9113 §4.1).
    private static bool IsFrame(byte[] answer) => answer.Length >= 9 && answer[3] is 4 or 7 && !answer.AsSpan(5, 4).ContainsAnyExcept((byte)0);

    private static byte[] Exchange(int port, byte[] bytes)
    {
        // Closing resets, so that no port of this machine stays taken.
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            LingerState = new LingerOption(enable: true, seconds: 0),
            ReceiveTimeout = (int)Limit.TotalMilliseconds,
            SendTimeout = (int)Limit.TotalMilliseconds,
        };
        client.Connect(IPAddress.Loopback, port);
        var answer = new MemoryStream();
        try
        {
            client.Send(bytes);
            byte[] buffer = new byte[16_384];
            for (bool isHalf = false; ;)
            {
                if (!isHalf && !client.Poll(PaceMicroseconds, SelectMode.SelectRead))
                {
                    client.Shutdown(SocketShutdown.Send);
                    isHalf = true;
                }

                int read = client.Receive(buffer);
                if (read == 0)
                {
                    return answer.ToArray();
                }

                answer.Write(buffer, 0, read);
            }
        }
        catch (SocketException fault) when (fault.SocketErrorCode != SocketError.TimedOut)
        {
            return answer.ToArray(); // the server has closed the connection
        }
        catch (SocketException)
        {
            throw new PropertyFailedException("the connection is neither answered nor closed");
        }
    }

    private sealed record Running(PreparedServer Prepared, CaServer Server, HttpClient Http, FaultLines Log)
    {
        public int Port => new Uri(Server.Url).Port;

        public static Running Start()
        {
            var log = new FaultLines();
            Core.Issuance.Deployment ca = FuzzWorld.Make();
            PreparedServer prepared = PreparedServer.CreateAsync(
                new ServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, ca.Clock, CancellationToken.None).GetAwaiter().GetResult();
            CaServer server = CaServer.StartAsync(prepared, ca, _ => Task.CompletedTask, log, CancellationToken.None).GetAwaiter().GetResult();
            var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = new Uri(server.Url), Timeout = Limit };
            return new Running(prepared, server, http, log);
        }

        public void Stop()
        {
            Http.Dispose();
            Server.DisposeAsync().AsTask().GetAwaiter().GetResult();
            Prepared.Dispose();
            Log.Dispose();
        }
    }

    // Keeps the first line that reports a fault that nobody expected.
    private sealed class FaultLines : TextWriter
    {
        public string? First { get; private set; }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
        }

        public override void Write(string? value) =>
            First ??= value?.Contains("\"event\":\"unexpected\"", StringComparison.Ordinal) == true ? value : null;
    }
}
