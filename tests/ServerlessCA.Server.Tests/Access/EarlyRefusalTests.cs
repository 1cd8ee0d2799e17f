using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server.Tests.Access;

/// <summary>Checks the log's line of a request that is refused before its body came: it names every caller who is known
/// by then.</summary>
public sealed class EarlyRefusalTests
{
    private static readonly AccessPolicy WithToken = AccessPolicy.Open.WithToken(SomeAccess.Token);

    private static readonly string[] Bodiless =
        [Calls.Functions, $"{Calls.Functions}/{Calls.TlsCert}", $"{Calls.Functions}/{Calls.TlsCert}/configuration"];

    [Theory]
    [InlineData("token serverless-ca")]
    [InlineData("certificate caller")]
    [InlineData("anonymous")]
    [InlineData(null)] // a signature is checked only once the body is there
    public async Task A_body_that_is_too_large_is_logged_with_its_caller_on_every_endpoint(string? caller)
    {
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions
        {
            Tls = new TlsSource.OwnCertificate(["127.0.0.1"]),
            Access = caller == "anonymous" ? AccessPolicy.Open : WithToken with { Clients = [SomeAccess.Client("caller")] },
        });
        using X509Certificate2? certificate = caller == "certificate caller" ? await SomeAccess.CertificateAsync(server, "caller") : null;
        using HttpClient client = await SomeAccess.ClientAsync(server, certificate);
        (HttpMethod, string)[] endpoints = [(HttpMethod.Post, Calls.PathOf(Calls.TlsCert)), .. Bodiless.Select(path => (HttpMethod.Get, path))];

        foreach ((HttpMethod method, string path) in endpoints)
        {
            using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(new byte[(6 * 1024 * 1024) + 1]) };
            request.Headers.ExpectContinue = true; // otherwise the connection may end while it is sent
            Sign(request, caller);
            Assert.Equal(413, (await client.ReplyAsync(request)).Status);
        }

        JsonElement[] lines = await server.Log.WaitForAsync("request", endpoints.Length);
        Assert.All(lines, line => Assert.Equal((413, caller), (line.GetProperty("status").GetInt32(), CallerOf(line))));
        Assert.All(lines, line => Assert.Equal(certificate is not null, line.TryGetProperty("callerSerialNumber", out _)));
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked", "no size of a chunk", 400, 400)]
    [InlineData("Expect: 100-continue\r\nContent-Length: 100", "", 400, 499)] // the caller goes before its body came
    public async Task A_body_that_does_not_come_is_logged_with_its_caller(string header, string body, int status, int orStatus)
    {
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { Access = WithToken });
        using (var client = new TcpClient())
        {
            await client.ConnectAsync("127.0.0.1", server.Port, TestContext.Current.CancellationToken);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"POST {Calls.PathOf(Calls.TlsCert)} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {SomeAccess.TokenText}\r\n{header}\r\n\r\n{body}\r\n"),
                TestContext.Current.CancellationToken);
            await stream.ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
            client.Client.Shutdown(SocketShutdown.Send);
            client.LingerState = new LingerOption(true, 0);
        }

        JsonElement line = Assert.Single(await server.Log.WaitForAsync("request"));
        Assert.Equal("token serverless-ca", CallerOf(line));
        Assert.Contains(line.GetProperty("status").GetInt32(), (int[])[status, orStatus]);
    }

    private static void Sign(HttpRequestMessage request, string? caller)
    {
        if (caller is null)
        {
            string date = TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);
            request.Headers.TryAddWithoutValidation("X-Amz-Date", date);
            request.Headers.TryAddWithoutValidation(
                "Authorization",
                $"AWS4-HMAC-SHA256 Credential=serverless-ca/{date[..8]}/eu-west-2/lambda/aws4_request, SignedHeaders=host;x-amz-date, Signature={new string('0', 64)}");
        }
        else if (caller.StartsWith("token", StringComparison.Ordinal))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SomeAccess.TokenText);
        }
    }

    private static string? CallerOf(JsonElement line) => line.TryGetProperty("caller", out JsonElement caller) ? caller.GetString() : null;
}
