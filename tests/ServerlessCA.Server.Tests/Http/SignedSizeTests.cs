using System.Buffers.Binary;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server.Tests.Http;

/// <summary>Checks the size limit of a call for each kind of credential, over http and https, HTTP/1.1 and
/// HTTP/2.</summary>
public sealed class SignedSizeTests
{
    private const int MiB = 1024 * 1024;

    private static readonly ServerOptions WithToken = new() { Access = AccessPolicy.Open.WithToken(SomeAccess.Token) };

    private static readonly ServerOptions WithTls = WithToken with
    {
        Tls = new TlsSource.OwnCertificate(["127.0.0.1"]),
        Access = WithToken.Access with { Clients = [SomeAccess.Client("caller")] },
    };

    [Theory]
    [InlineData(false, "1.1", true)]
    [InlineData(false, "1.1", false)]
    [InlineData(true, "1.1", true)]
    [InlineData(true, "2.0", true)]
    [InlineData(true, "2.0", false)]
    public async Task A_signed_request_of_more_than_a_mebibyte_is_refused_with_the_reason(bool overTls, string version, bool announced)
    {
        await using RunningServer server = await RunningServer.StartAsync(overTls ? WithTls : WithToken);
        using HttpClient client = await SomeAccess.ClientAsync(server);
        string now = TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        using HttpRequestMessage request = Call(version, new ByteArrayContent(new byte[MiB + 1]));
        request.Headers.TransferEncodingChunked = announced ? null : true;
        request.Headers.TryAddWithoutValidation("X-Amz-Date", now);
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential=serverless-ca/{now[..8]}/eu-west-2/lambda/aws4_request, SignedHeaders=host;x-amz-date, Signature={new string('0', 64)}");

        Reply reply = await client.ReplyAsync(request);

        Assert.Equal((413, "RequestTooLargeException"), (reply.Status, reply.Fault));
        Assert.StartsWith("Request must be smaller than 1048576 bytes for the InvokeFunction operation, as its signature covers the body: ", reply.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Callers_with_a_token_or_a_certificate_keep_six_mebibytes(string version)
    {
        await using RunningServer server = await RunningServer.StartAsync(WithTls);
        using X509Certificate2 certificate = await SomeAccess.CertificateAsync(server, "caller");
        using HttpClient withToken = await SomeAccess.ClientAsync(server);
        using HttpClient withCertificate = await SomeAccess.ClientAsync(server, certificate);
        withToken.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SomeAccess.TokenText);
        byte[] body = [.. "\""u8, .. Enumerable.Repeat((byte)'a', (6 * MiB) - 2), .. "\""u8];

        foreach (HttpClient client in (HttpClient[])[withToken, withCertificate])
        {
            using HttpRequestMessage request = Call(version, new ByteArrayContent(body));
            Assert.Contains("at most 1048576 are accepted", (await client.ReplyAsync(request)).Ok().Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_connection_has_few_streams_and_small_windows()
    {
        const ushort MaxConcurrentStreams = 3, InitialWindowSize = 4; // RFC 9113 §6.5.2
        await using RunningServer server = await RunningServer.StartAsync(WithTls);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.Port, TestContext.Current.CancellationToken);
#pragma warning disable CA5359 // the server's identity does not matter here
        await using var tls = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", ApplicationProtocols = [SslApplicationProtocol.Http2] }, TestContext.Current.CancellationToken);
        await tls.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray(), TestContext.Current.CancellationToken);

        byte[] header = new byte[9];
        await tls.ReadExactlyAsync(header, TestContext.Current.CancellationToken);
        byte[] settings = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
        await tls.ReadExactlyAsync(settings, TestContext.Current.CancellationToken);

        Dictionary<ushort, uint> values = settings.Chunk(6).ToDictionary(
            one => BinaryPrimitives.ReadUInt16BigEndian(one), one => BinaryPrimitives.ReadUInt32BigEndian(one.AsSpan(2)));
        Assert.Equal(4, header[3]); // SETTINGS
        Assert.Equal(8u, values[MaxConcurrentStreams]);
        Assert.InRange(values.GetValueOrDefault(InitialWindowSize, 65_535u), 1u, 65_535u);
    }

    private static HttpRequestMessage Call(string version, HttpContent body) => new(HttpMethod.Post, Calls.PathOf(Calls.TlsCert))
    {
        Version = Version.Parse(version),
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = body,
    };
}
