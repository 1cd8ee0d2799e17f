using System.Text.Json.Nodes;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;

namespace ServerlessCA.Cli.Tests.Commands.Aws;

/// <summary>Tests <c>request</c> and <c>chain</c> with a CA on AWS.</summary>
public sealed class AwsRequestTests
{
    [Fact]
    public async Task A_certificate_comes_from_the_function_and_passes_openssl()
    {
        OpenSsl.IsNeeded();
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();

        (await RequestAsync(session, ca, "--san", "a.example.com", "--purpose", "server_auth")).Done();

        string certificate = Path.Combine(session.Certs, "client-cert.pem");
        OpenSsl.Verify(certificate, Path.Combine(session.Certs, "ca-bundle.pem"));
        Assert.Contains("DNS:a.example.com", OpenSsl.Run("x509", "-in", certificate, "-noout", "-ext", "subjectAltName"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_again_and_the_certificate_is_the_same()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        int asked = 0;
        ca.Functions.After = (context, _) =>
        {
            if (Interlocked.Increment(ref asked) > 2)
            {
                return Task.FromResult(true);
            }

            context.Abort();
            return Task.FromResult(false);
        };

        (await RequestAsync(session, ca)).Done();

        Assert.Equal(3, ca.Functions.Events.Count);
        Assert.Single(ca.Functions.Events.Distinct());
        Assert.Single(await ca.Core.Ledger.FindByNameAsync("a.example.com", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_token_of_ones_own_is_sent()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();

        (await RequestAsync(session, ca, "--idempotency-token", "of-the-test")).Done();

        Assert.Equal("of-the-test", JsonNode.Parse(ca.Functions.Events.Single())!["idempotency_token"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"idempotency_token": ""}""")]
    [InlineData("""{"ca_chain_only": false}""")]
    public async Task Without_a_token_of_ones_own_there_is_always_one(string request)
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();

        (await RequestAsync(session, ca, "--file", session.Folder.Write("request.json", request))).Done();

        Assert.StartsWith("serverless-ca-", JsonNode.Parse(ca.Functions.Events.Single())!["idempotency_token"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_stays_when_nobody_knows_whether_the_certificate_was_issued()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        ca.Functions.After = (context, _) =>
        {
            context.Abort();
            return Task.FromResult(false);
        };

        Result result = await RequestAsync(session, ca);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains("error: Lambda Invoke: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("its key is kept in", result.Error, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(session.Certs));
    }

    [Theory]
    [InlineData(403, "AccessDeniedException", """{"Message": "User: arn:aws:iam::123456789012:user/operator is not authorized to perform: lambda:InvokeFunction"}""", "is not authorized to perform", "allow lambda:InvokeFunction on", false)]
    [InlineData(403, "ExpiredTokenException", """{"message": "The security token included in the request is expired"}""", "is expired", "log in again", false)]
    [InlineData(403, "UnrecognizedClientException", """{"message": "The security token included in the request is invalid."}""", "is invalid", "check the credentials, and this machine's clock", false)]
    [InlineData(429, "TooManyRequestsException", """{"Reason": "ConcurrentInvocationLimitExceeded", "message": "Rate Exceeded."}""", "Rate Exceeded", "try again in a minute", false)]
    [InlineData(500, "ServiceException", """{"Message": "internal"}""", "ServiceException", "'serverless-ca list' shows whether", true)]
    public async Task A_call_that_AWS_refuses_is_one_message_and_nothing_is_half_written(
        int status, string type, string body, string message, string hint, bool mayBeIssued)
    {
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        ca.Functions.Answer(status, body, errorType: type);

        Result result = await RequestAsync(session, ca);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Contains(hint, result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.Error.Count(c => c == '\n'));
        Assert.Equal(mayBeIssued ? 1 : 0, Directory.Exists(session.Certs) ? Directory.EnumerateFiles(session.Certs).Count() : 0);
    }

    [Fact]
    public async Task A_function_that_fails_says_why_and_where_its_log_is()
    {
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        ca.Functions.Answer(200, """{"errorType": "CaKeyUnavailableException", "errorMessage": "KMS key 'alias/x' is disabled. Enable it."}""", functionError: "Unhandled");

        Result chain = await session.RunRawAsync("chain", "--ca", ca.Location);

        Assert.Equal(ExitCode.Fault, chain.ExitCode);
        Assert.Equal(
            $"error: the function '{ca.Names.Function("tls-cert")}' failed: CaKeyUnavailableException: KMS key 'alias/x' is disabled. Enable it.\n"
            + $"hint: try again; its log tells more: /aws/lambda/{ca.Names.Function("tls-cert")}\n",
            chain.Error);
    }

    [Fact]
    public async Task An_answer_for_another_request_is_not_written()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        string other = (await session.RunRawAsync("request", "--common-name", "a.example.com", "--out", session.Folder.At("other"), "--output", "json", "--ca", ca.Location)).Done().Output;
        ca.Functions.Answer(200, other);

        Result result = await RequestAsync(session, ca);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains("which does not do: it is for another key", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(session.Certs, "client-cert.pem")));
    }

    [Fact]
    public async Task Production_environments_have_no_suffix_and_may_be_named()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();

        Result result = await session.RunRawAsync("get", "a", "--ca", $"{ca.Location}?prod_envs=dev,live");
        Result revoked = await session.RunRawAsync(
            "revoke", $"{ca.Names.Project}-issuing-ca", "--serial", "17", "--folder", Directory.CreateDirectory(session.Folder.At("live")).FullName, "--ca", $"{ca.Location}?prod_envs=dev,live");

        Assert.Contains("there is no certificate of the name 'a'", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("looks like a CA", revoked.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_KMS_drew_is_the_certificates_and_none_is_left_in_memory_of_KMS()
    {
        OpenSsl.IsNeeded();
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();

        (await RequestAsync(session, ca, "--kms-keygen", "--key-type", "ec-p384")).Done();

        string key = OpenSsl.Run("pkey", "-in", Path.Combine(session.Certs, "client-cert-key.pem"), "-pubout");
        Assert.Equal(key, OpenSsl.Run("x509", "-in", Path.Combine(session.Certs, "client-cert.pem"), "-noout", "-pubkey"));
        Assert.Contains("kms:GenerateDataKeyPair", ca.Actions());
        Assert.Contains("P-384", OpenSsl.Run("pkey", "-in", Path.Combine(session.Certs, "client-cert-key.pem"), "-noout", "-text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_for_drawing_that_is_not_there_is_named()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();

        Result result = await session.RunRawAsync("request", "--common-name", "a", "--kms-keygen", "--out", session.Certs, "--ca", $"{ca.Location}?prod_envs=dev");

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.StartsWith($"error: there is no KMS key 'alias/{ca.Names.Project}-tls-keygen' in eu-west-2, account {AwsCa.Account}\n", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Certs));
    }

    private static Task<Result> RequestAsync(Session session, AwsCa ca, params string[] more) =>
        session.RunRawAsync(["request", "--common-name", "a.example.com", "--out", session.Certs, "--ca", ca.Location, .. more]);
}
