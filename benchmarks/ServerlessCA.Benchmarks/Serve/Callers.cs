using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace ServerlessCA.Benchmarks.Serve;

/// <summary>What attacks: clients that accept any server.</summary>
internal static class Callers
{
    /// <summary>The function that issues.</summary>
    public const string Invocations = "2015-03-31/functions/serverless-tls-cert-dev/invocations";

    /// <summary>Answer to a call that did not come to one.</summary>
    public const int NoAnswer = 0;

    /// <summary>A client with a pool of connections of its own.</summary>
    /// <param name="url">Of the server.</param>
    /// <param name="from">The address that it comes from; null: any.</param>
    public static HttpClient Client(Uri url, IPAddress? from = null) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        EnableMultipleHttp2Connections = false,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(from ?? IPAddress.Any, 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
#pragma warning disable CA5359 // an attacker does not mind whom it attacks
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    })
    {
        BaseAddress = url,
        Timeout = TimeSpan.FromMinutes(10),
    };

    /// <summary>A connection on which TLS is agreed and nothing sent; null when the server ends it.</summary>
    public static async Task<Stream?> ConnectAsync(Uri url)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, url.Port);
#pragma warning disable CA5359 // an attacker does not mind whom it attacks
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        try
        {
            await tls.AuthenticateAsClientAsync(url.Host);
            return tls;
        }
        catch (IOException)
        {
            await tls.DisposeAsync();
            return null;
        }
    }

    /// <summary>A request for a certificate with so many names that it takes a while.</summary>
    public static byte[] LargeRequest(int size)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string pem = new CertificateRequest("CN=load", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        var names = new JsonArray();
        for (int i = 0; i * 32 < size - 4000; i++)
        {
            names.Add(string.Create(CultureInfo.InvariantCulture, $"host{i:D8}.load.example.com"));
        }

        var request = new JsonObject
        {
            ["common_name"] = "load", ["base64_csr_data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(pem)), ["sans"] = names,
        };
        return Encoding.UTF8.GetBytes(request.ToJsonString());
    }

    /// <summary>A call that is signed with zeros.</summary>
    public static HttpRequestMessage Forged(Version version, HttpContent body)
    {
        string now = TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var call = new HttpRequestMessage(HttpMethod.Post, Invocations) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = body };
        call.Headers.TryAddWithoutValidation("X-Amz-Date", now);
        call.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential=serverless-ca/{now[..8]}/eu-west-2/lambda/aws4_request, SignedHeaders=host;x-amz-date, Signature={new string('0', 64)}");
        return call;
    }

    /// <summary>An event whose caller does not wait.</summary>
    public static HttpRequestMessage Event(HttpContent body)
    {
        var call = new HttpRequestMessage(HttpMethod.Post, Invocations) { Version = HttpVersion.Version11, Content = body };
        call.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ServedProcess.Token);
        call.Headers.TryAddWithoutValidation("X-Amz-Invocation-Type", "Event");
        return call;
    }

    /// <summary>Sends a call and gives its status; <see cref="NoAnswer"/> when the connection ended.</summary>
    public static async Task<int> StatusAsync(this HttpClient http, HttpRequestMessage call, CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(call, cancellation);
            return (int)answer.StatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            return NoAnswer;
        }
    }
}

/// <summary>A body whose last byte never comes.</summary>
internal sealed class EndlessBody(int length, Action<int> sent, CancellationToken end) : HttpContent
{
    private const int Part = 64 * 1024;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        byte[] part = new byte[Part];
        for (int left = length - 1; left > 0; left -= Part)
        {
            await stream.WriteAsync(part.AsMemory(0, Math.Min(Part, left)), end);
            await stream.FlushAsync(end);
            sent(Math.Min(Part, left));
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, end);
    }

    protected override bool TryComputeLength(out long size)
    {
        size = length;
        return true;
    }
}
