using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Server.Access;

namespace ServerlessCA.Server.Tests.Access;

/// <summary>Checks AWS signatures (awscli and boto3 make real ones in Sdks/): every change on the way is
/// detected.</summary>
public sealed class SignedRequestTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly ServerOptions WithToken = new() { Access = AccessPolicy.Open.WithToken(SomeAccess.Token) };

    // The example of the IAM user guide's predecessor, "Deriving a signing key" and "Task 1: canonical request" (Signature
    // Version 4 test suite, get-vanilla-query-order-key-case).
    [Fact]
    public void The_canonical_request_is_that_of_AWS_test_suite()
    {
        var headers = new Dictionary<string, string> { ["host"] = "example.amazonaws.com", ["x-amz-date"] = "20150830T123600Z" };
        string empty = Convert.ToHexStringLower(SHA256.HashData([]));

        string canonical = new CanonicalRequest("GET", "/?Param2=value2&Param1=value1", ["host", "x-amz-date"], name => headers[name], empty).ToString();

        Assert.Equal("816cd5b414d056048ba4f7c5386d6e0533120fb1fcfa93762cf0fc39e2cf19e0", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
    }

    [Fact]
    public async Task A_signature_admits_for_five_minutes_around_its_time()
    {
        await using RunningServer server = await RunningServer.StartAsync(WithToken, new FakeTimeProvider(Now));

        Assert.Equal(200, (await SendAsync(server, Now)).Status);
        Assert.Equal(200, (await SendAsync(server, Now.AddMinutes(-5))).Status);
        Assert.Equal(200, (await SendAsync(server, Now.AddMinutes(5))).Status);
        Reply late = await SendAsync(server, Now.AddMinutes(-5).AddSeconds(-1));
        Reply early = await SendAsync(server, Now.AddMinutes(5).AddSeconds(1));

        Assert.Equal((403, "InvalidSignatureException"), (late.Status, late.Fault));
        Assert.StartsWith("Signature expired: 20300102T115459Z", late.Message, StringComparison.Ordinal);
        Assert.StartsWith("Signature not yet current: 20300102T120501Z", early.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_body_path_query_header_or_scope_is_refused()
    {
        await using RunningServer server = await RunningServer.StartAsync(WithToken, new FakeTimeProvider(Now));

        Assert.Equal(403, (await SendAsync(server, Now, sentBody: "{\"a\":1}")).Status);
        Assert.Equal(403, (await SendAsync(server, Now, sentPath: Calls.PathOf("serverless-root-ca-crl-dev"))).Status);
        Assert.Equal(403, (await SendAsync(server, Now, sentPath: Calls.PathOf(Calls.Expiry) + "?Qualifier=$LATEST")).Status);
        Assert.Equal(403, (await SendAsync(server, Now, type: "DryRun", sentType: "Event")).Status);
        Assert.Equal(403, (await SendAsync(server, Now, service: "s3")).Status);
        Assert.Equal(403, (await SendAsync(server, Now, signedHeaders: "x-amz-date;x-amz-invocation-type")).Status);
        Assert.Equal(403, (await SendAsync(server, Now, signedHeaders: "host;x-amz-invocation-type")).Status);
        Assert.Equal(403, (await SendAsync(server, Now, scopeDate: "20300101")).Status);
        Assert.Equal(403, (await SendAsync(server, Now, secret: "not the token but as long as it")).Status);
        Assert.Equal(200, (await SendAsync(server, Now)).Status);
    }

    private static Task<Reply> SendAsync(
        RunningServer server, DateTimeOffset at, string? sentBody = null, string? sentPath = null, string type = "RequestResponse",
        string? sentType = null, string service = "lambda", string signedHeaders = "host;x-amz-date;x-amz-invocation-type",
        string? scopeDate = null, string secret = SomeAccess.TokenText)
    {
        string date = at.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string path = Calls.PathOf(Calls.Expiry);
        var headers = new Dictionary<string, string>
        {
            ["host"] = $"127.0.0.1:{server.Port}",
            ["x-amz-date"] = date,
            ["x-amz-invocation-type"] = type,
        };
        string scope = $"{scopeDate ?? date[..8]}/eu-west-2/{service}/aws4_request";
        var request = new HttpRequestMessage(HttpMethod.Post, sentPath ?? path) { Content = new StringContent(sentBody ?? "{}") };
        request.Headers.TryAddWithoutValidation("X-Amz-Date", date);
        request.Headers.TryAddWithoutValidation("X-Amz-Invocation-Type", sentType ?? type);
        request.Headers.TryAddWithoutValidation(
            "Authorization", RequestSignatures.HeaderOf(TokenGrant.OperatorsId, secret, path, date, scope, signedHeaders, headers, "{}"u8.ToArray()));
        return server.Http.ReplyAsync(request);
    }
}
