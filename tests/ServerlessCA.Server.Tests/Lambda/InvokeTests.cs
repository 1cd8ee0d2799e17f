using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Server.Tests.Lambda;

/// <summary>Calls Invoke, and checks what functions answer.</summary>
public sealed class InvokeTests
{
    [Theory]
    [InlineData("create-root-ca")]
    [InlineData("create-issuing-ca")]
    [InlineData("root-ca-crl")]
    [InlineData("issuing-ca-crl")]
    [InlineData("expiry")]
    public async Task Functions_without_an_answer_answer_null(string function)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Reply reply = (await server.Http.InvokeAsync($"serverless-{function}-dev")).Ok();

        Assert.Equal("null", reply.Text);
        Assert.Equal("$LATEST", reply.Headers["x-amz-executed-version"]);
        Assert.NotEmpty(reply.Headers["x-amzn-requestid"]);
    }

    [Fact]
    public async Task A_certificate_comes_back_that_openssl_accepts()
    {
        OpenSsl.IsNeeded();
        await using RunningServer server = await RunningServer.StartAsync();

        JsonElement answer = (await server.Http.InvokeAsync(Calls.TlsCert, Calls.Request("client.example.com"))).Ok().Json;

        string certificate = server.Folder.Write("client.pem", answer.Text("Base64Certificate"));
        string chain = server.Folder.Write("chain.pem", answer.Text("Base64CaChain"));
        OpenSsl.Verify(certificate, chain);
        string serial = answer.GetProperty("CertificateInfo").GetProperty("SerialNumber").GetString()!;
        Assert.NotNull(await server.Ca.Ledger.FindAsync("client.example.com", SerialNumber.Parse(serial), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_refusal_is_an_answer_and_no_fault()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Reply refused = (await server.Http.InvokeAsync(Calls.TlsCert, Calls.Request("a.example.com", request => request["lifetime"] = 0))).Ok();

        Assert.Equal("""{"error":"0 is too short","code":"lifetime_too_short"}""", refused.Text);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"common_name\": 7, \"sans\": {\"a\": []}, \"lifetime\": []}")]
    public async Task Events_of_any_form_are_answered(string body)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        JsonElement answer = (await server.Http.InvokeAsync(Calls.TlsCert, body)).Ok().Json;

        Assert.NotEmpty(answer.GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task What_is_no_JSON_never_reaches_a_function()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Reply reply = await server.Http.InvokeAsync(Calls.TlsCert, "{\"common_name\": ");

        Assert.Equal((400, "InvalidRequestContentException"), (reply.Status, reply.Fault));
        Assert.StartsWith("Could not parse request body into json: ", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_does_nothing()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Reply reply = await server.Http.InvokeAsync(
            Calls.TlsCert, Calls.Request("dry.example.com"), headers: ("X-Amz-Invocation-Type", "DryRun"));

        Assert.Equal((204, 0), (reply.Status, reply.Body.Length));
        Assert.Empty(await server.Ca.Ledger.FindByNameAsync("dry.example.com", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_event_is_accepted_at_once_and_done_before_a_stop_ends()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        for (int i = 0; i < 20; i++)
        {
            Reply reply = await server.Http.InvokeAsync(
                Calls.TlsCert, Calls.Request($"event{i}.example.com"), headers: ("X-Amz-Invocation-Type", "Event"));
            Assert.Equal((202, 0), (reply.Status, reply.Body.Length));
        }

        await server.StopAsync();

        for (int i = 0; i < 20; i++)
        {
            Assert.Single(await server.Ca.Ledger.FindByNameAsync($"event{i}.example.com", TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Unknown_ways_to_invoke_are_refused()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Reply reply = await server.Http.InvokeAsync(Calls.Expiry, "{}", headers: ("X-Amz-Invocation-Type", "Later"));

        Assert.Equal((400, "InvalidParameterValueException"), (reply.Status, reply.Fault));
    }

    [Fact]
    public async Task The_tail_of_the_log_comes_along_if_requested()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Reply reply = (await server.Http.InvokeAsync(
            Calls.TlsCert, Calls.Request("b.example.com", request => request["sans"] = "not a name"), headers: ("X-Amz-Log-Type", "Tail"))).Ok();

        string log = Encoding.UTF8.GetString(Convert.FromBase64String(reply.Headers["x-amz-log-result"]));
        Assert.Contains($"START RequestId: {reply.Headers["x-amzn-requestid"]} Version: $LATEST\n", log, StringComparison.Ordinal);
        Assert.Contains("not a name", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_fails_says_so_as_Lambda_does()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        server.Folder.Write("ca/internal/revoked.json", "{ this is no list");

        Reply reply = await server.Http.InvokeAsync("serverless-issuing-ca-crl-dev", "{}");

        Assert.Equal((200, "Unhandled"), (reply.Status, reply.Headers["x-amz-function-error"]));
        Assert.Equal("StepFailedException", reply.Json.GetProperty("errorType").GetString());
        Assert.Contains("revoked.json", reply.Json.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
        Assert.Single(server.Log.Lines("function-failed"));
    }

    [Fact]
    public async Task A_ledger_that_is_gone_is_a_fault_with_its_name()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        File.Move(server.Folder.At("ca", "ca.db"), server.Folder.At("ca", "elsewhere.db"));

        Reply reply = await server.Http.InvokeAsync(Calls.TlsCert, Calls.Request("c.example.com"));
        Reply health = await server.Http.ReplyAsync("/health");

        Assert.Equal("Unhandled", reply.Headers["x-amz-function-error"]);
        Assert.Equal("LedgerUnavailableException", reply.Json.GetProperty("errorType").GetString());
        Assert.Equal((503, "Critical"), (health.Status, health.Json.GetProperty("Status").GetString()));
    }

    [Fact]
    public async Task Many_requests_at_once_each_get_their_certificate()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Reply[] replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(
            i => server.Http.InvokeAsync(Calls.TlsCert, Calls.Request($"host{i}.example.com"))));

        string[] serials = [.. replies.Select(reply => reply.Ok().Json.GetProperty("CertificateInfo").GetProperty("SerialNumber").GetString()!)];
        Assert.Equal(100, serials.Distinct().Count());
    }

    [Fact]
    public async Task Of_requests_with_one_key_at_once_exactly_one_wins()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Reply[] replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(
            i => server.Http.InvokeAsync(Calls.TlsCert, Calls.Request($"racer{i}.example.com", key))));

        Assert.Single(replies, reply => reply.Ok().Json.TryGetProperty("CertificateInfo", out _));
        Assert.Equal(9, replies.Count(reply => reply.Text == """{"error":"Private key has already been used for a certificate","code":"key_used"}"""));
    }

    [Fact]
    public async Task The_log_has_a_line_for_each_call_without_its_content()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string request = Calls.Request("logged.example.com");

        Reply reply = (await server.Http.InvokeAsync(Calls.TlsCert, request)).Ok();
        await server.Log.WaitForAsync("request");
        await server.StopAsync();

        JsonElement line = Assert.Single(server.Log.Lines("request"));
        Assert.Equal(reply.Headers["x-amzn-requestid"], line.GetProperty("requestId").GetString());
        Assert.Equal(("POST", 200), (line.GetProperty("method").GetString(), line.GetProperty("status").GetInt32()));
        string csr = JsonDocument.Parse(request).RootElement.GetProperty("base64_csr_data").GetString()!;
        Assert.DoesNotContain(csr[..40], server.Log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("LS0tLS1", server.Log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN", server.Log.ToString(), StringComparison.Ordinal);
    }
}
