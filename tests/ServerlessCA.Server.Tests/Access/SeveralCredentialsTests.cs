using System.Globalization;
using System.Text.Json;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server.Tests.Access;

/// <summary>Sends a client certificate and another credential in the header Authorization: all of them are
/// checked.</summary>
public sealed class SeveralCredentialsTests
{
    private const string RequestersToken = "another-token-for-requests-alone";
    private const int MiB = 1024 * 1024;

    [Theory]
    [InlineData("caller", SomeAccess.TokenText, "token serverless-ca", true)] // the header gives more rights
    [InlineData("caller", RequestersToken, "certificate caller", false)] // both give the same rights
    [InlineData("caller=operate", RequestersToken, "certificate caller", true)] // the certificate gives more rights
    [InlineData("caller=operate", SomeAccess.TokenText, "certificate caller", true)]
    [InlineData("another", SomeAccess.TokenText, "token serverless-ca", true)] // the certificate does not admit
    public async Task The_higher_level_counts_and_the_log_names_the_credential_that_gave_it(string allowed, string token, string named, bool mayOperate)
    {
        await using RunningServer server = await StartAsync(allowed);
        using HttpClient client = await ClientAsync(server);

        Reply byToken = await client.InvokeAsync(Calls.Expiry, "{}", token);
        Reply bySignature = await SendAsync(client, Signed(server, token));

        int status = mayOperate ? 200 : 403;
        Assert.Equal((status, status), (byToken.Status, bySignature.Status));
        JsonElement[] lines = await server.Log.WaitForAsync("request", 2);
        Assert.Equal([named, named.Replace("token", "signature", StringComparison.Ordinal)], lines.Select(Caller));
        Assert.All(lines, line => Assert.Equal(named.StartsWith("certificate", StringComparison.Ordinal), line.TryGetProperty("callerSerialNumber", out _)));
    }

    [Theory]
    [InlineData("Bearer nobody's-token-at-all", 401)]
    [InlineData("Basic c2VydmVybGVzcy1jYTp0b2tlbg==", 401)]
    [InlineData("forged", 403)]
    [InlineData("unknown", 403)]
    public async Task A_header_that_does_not_admit_is_refused_whatever_the_certificate(string header, int status)
    {
        await using RunningServer server = await StartAsync("caller=operate");
        using HttpClient client = await ClientAsync(server);
        HttpRequestMessage Request() => header switch
        {
            "forged" => Signed(server, "not the token but as long as it is"),
            "unknown" => Signed(server, SomeAccess.TokenText, keyId: "somebody"),
            _ => With(new HttpRequestMessage(HttpMethod.Get, Calls.Functions), header),
        };

        Reply reply = await SendAsync(client, Request());

        Assert.Equal(status, reply.Status);
        Assert.Equal("certificate caller", Caller(Assert.Single(await server.Log.WaitForAsync("request"))));
        (await client.ReplyAsync(Calls.Functions)).Ok();
    }

    [Fact]
    public async Task Without_tokens_the_header_is_nobodys_and_the_certificate_decides()
    {
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions
        {
            Tls = new TlsSource.OwnCertificate(["127.0.0.1"]),
            Access = new AccessPolicy([], [SomeAccess.Client("caller=operate")]),
        });
        using HttpClient client = await ClientAsync(server);

        (await client.InvokeAsync(Calls.Expiry, "{}", "whatever an SDK has been given")).Ok();
    }

    [Fact]
    public async Task The_holder_of_a_certificate_renews_its_name_though_a_token_gives_more()
    {
        await using RunningServer server = await StartAsync("caller");
        using HttpClient client = await ClientAsync(server);

        Reply reply = (await client.InvokeAsync(Calls.TlsCert, Calls.Request("caller"), SomeAccess.TokenText)).Ok();

        Assert.True(reply.Json.TryGetProperty("CertificateInfo", out _), reply.Text);
    }

    [Fact]
    public async Task A_caller_with_a_certificate_may_sign_six_mebibytes()
    {
        await using RunningServer server = await StartAsync("caller");
        using HttpClient client = await ClientAsync(server);
        byte[] body = [.. "\""u8, .. Enumerable.Repeat((byte)'a', (2 * MiB) - 2), .. "\""u8];

        Reply reply = await SendAsync(client, Signed(server, SomeAccess.TokenText, body, Calls.TlsCert));

        Assert.Contains("at most 1048576 are accepted", reply.Ok().Text, StringComparison.Ordinal);
    }

    private static HttpRequestMessage Signed(
        RunningServer server, string secret, byte[]? body = null, string function = Calls.Expiry, string? keyId = null)
    {
        body ??= "{}"u8.ToArray();
        string path = Calls.PathOf(function);
        string date = TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        keyId ??= secret == RequestersToken ? TokenGrant.RequestersId : TokenGrant.OperatorsId;
        string authorization = RequestSignatures.HeaderOf(
            keyId, secret, path, date, $"{date[..8]}/eu-west-2/lambda/aws4_request", "host;x-amz-date",
            new Dictionary<string, string> { ["host"] = $"127.0.0.1:{server.Port}", ["x-amz-date"] = date }, body);
        var request = With(new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) }, authorization);
        request.Headers.TryAddWithoutValidation("X-Amz-Date", date);
        return request;
    }

    private static HttpRequestMessage With(HttpRequestMessage request, string authorization)
    {
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return request;
    }

    private static async Task<Reply> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            return await client.ReplyAsync(request);
        }
    }

    private static string? Caller(JsonElement line) => line.TryGetProperty("caller", out JsonElement caller) ? caller.GetString() : null;

    private static async Task<HttpClient> ClientAsync(RunningServer server) =>
        await SomeAccess.ClientAsync(server, await SomeAccess.CertificateAsync(server, "caller"));

    private static Task<RunningServer> StartAsync(string allowed)
    {
        AccessToken requesters = AccessToken.TryParse(RequestersToken, out AccessToken? token, out _) ? token! : throw new InvalidOperationException();
        return RunningServer.StartAsync(new ServerOptions
        {
            Tls = new TlsSource.OwnCertificate(["127.0.0.1"]),
            Access = new AccessPolicy([], [SomeAccess.Client(allowed)]).WithToken(SomeAccess.Token).WithRequestToken(requesters),
        });
    }
}
