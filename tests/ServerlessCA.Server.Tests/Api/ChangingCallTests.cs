using System.Text.Json;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Server.Tests.Api;

/// <summary>Checks the calls that issue, revoke and run: what they change, whom history and log name, and how they fail.</summary>
public sealed class ChangingCallTests
{
    [Fact]
    public async Task A_signed_in_page_requests_and_the_history_names_its_session()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens with { PageRequests = true });
        (string, string) cookie = await server.Http.SignInAsync(ApiCalls.RequestTokenText);
        string request = Calls.Request("www.example.com");

        Reply issued = (await server.Http.ApiAsync("POST", "/certificates", request, null, cookie, ("Origin", server.Server.Url))).Ok();
        Reply again = await server.Http.ApiAsync("POST", "/certificates", request, ApiCalls.RequestTokenText);

        JsonElement line = (await server.Log.WaitForAsync("call"))[0];
        HistoryEntry entry = (await new CertificateHistory(server.Ca.Ledger, TimeProvider.System).FindAsync("www.example.com", null, 10, TestContext.Current.CancellationToken)).Entries[^1];
        Assert.Equal("www.example.com", issued.Json.GetProperty("CertificateInfo").GetProperty("CommonName").GetString());
        Assert.Equal((422, """{"error":"Private key has already been used for a certificate","code":"key_used"}"""), (again.Status, again.Text));
        Assert.Equal(
            ("session of token serverless-ca-request", "tls-cert", "issued"),
            (line.GetProperty("caller").GetString(), line.GetProperty("function").GetString(), line.GetProperty("outcome").GetString()));
        Assert.Equal("serve session of token serverless-ca-request", entry.By);
    }

    [Fact]
    public async Task The_answer_to_a_request_is_that_of_the_Lambda_API()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);
        foreach (string body in (string[])["""{"ca_chain_only":true}""", """{"common_name":""}""", "[]", "12"])
        {
            Reply lambda = (await server.Http.InvokeAsync(Calls.TlsCert, body, SomeAccess.TokenText)).Ok();
            Reply api = await server.Http.ApiAsync("POST", "/certificates", body, SomeAccess.TokenText);

            Assert.Equal(lambda.Text, api.Text);
            Assert.Equal(lambda.Json.TryGetProperty("error", out _) ? 422 : 200, api.Status);
        }
    }

    [Fact]
    public async Task Names_that_admit_are_reserved_here_too()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithEverything);
        await server.UseTlsAsync();

        Reply reply = await server.Http.ApiAsync("POST", "/certificates", Calls.Request("boss.example.com"), ApiCalls.RequestTokenText);

        Assert.Equal((422, "name_reserved"), (reply.Status, reply.Json.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_revocation_is_on_the_published_CRL_and_the_log_names_who_did_it()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);
        (string, string) cookie = await server.Http.SignInAsync(SomeAccess.TokenText);
        string serial = (await server.Http.ApiAsync("POST", "/certificates", Calls.Request("www.example.com"), SomeAccess.TokenText)).Ok()
            .Json.GetProperty("CertificateInfo").GetProperty("SerialNumber").GetString()!;

        Reply revoked = (await server.Http.ApiAsync("POST", "/revocations", """{"CommonName":"www.example.com","Reason":"keyCompromise"}""", null, cookie)).Ok();
        Reply again = (await server.Http.ApiAsync("POST", "/revocations", $$"""{"SerialNumber":"{{serial}}"}""", null, cookie)).Ok();

        byte[] published = (await server.Http.ReplyAsync($"/{revoked.Json.GetProperty("Crl").GetString()}")).Ok().Body;
        Assert.True(CertificateRevocationList.TryDecode(published, out CertificateRevocationList? crl));
        Assert.Equal(serial, Assert.Single(crl.Entries()).SerialNumber.ToString());
        Assert.Equal(("Revoked", "RevokedBefore"), (revoked.Json.GetProperty("Status").GetString(), again.Json.GetProperty("Status").GetString()));
        JsonElement line = server.Log.Lines("call").First(call => call.GetProperty("function").GetString() == "revoke");
        Assert.Equal(
            ("session of token serverless-ca", "revoked", serial),
            (line.GetProperty("caller").GetString(), line.GetProperty("outcome").GetString(), line.GetProperty("serialNumber").GetString()));
    }

    [Fact]
    public async Task A_name_with_several_certificates_is_not_revoked_by_guessing()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);
        await server.Http.ApiAsync("POST", "/certificates", Calls.Request("www.example.com"), SomeAccess.TokenText);
        await server.Http.ApiAsync("POST", "/certificates", Calls.Request("www.example.com"), SomeAccess.TokenText);

        Reply reply = await server.Http.ApiAsync("POST", "/revocations", """{"CommonName":"www.example.com"}""", SomeAccess.TokenText);

        Assert.Equal(((409, "conflict"), "That may be any of 2 certificates; none was revoked."), (reply.Refusal(), reply.Said()));
        Assert.Equal(0, (await server.Http.ReadAsync("/certificates?status=revoked")).Ok().Json.GetProperty("Count").GetInt32());
    }

    [Fact]
    public async Task One_call_runs_the_pipeline_and_another_one_meanwhile_is_refused()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        GatedFiles? files = null;
        await using RunningServer server = await RunningServer.StartAsync(
            ApiCalls.WithTokens, change: ca => ca with { InternalFiles = files = new GatedFiles(ca.InternalFiles, gate.Task) });
        files!.IsClosed = true;

        Task<Reply> first = server.Http.ApiAsync("POST", "/run", "{}", SomeAccess.TokenText);
        await files.Waiting.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Reply second = await server.Http.ApiAsync("POST", "/run", "{}", SomeAccess.TokenText);
        gate.SetResult();

        Assert.Equal(((503, "busy"), "10"), (second.Refusal(), second.Headers["retry-after"]));
        Assert.False((await first).Ok().Json.GetProperty("Failed").GetBoolean());
    }

    [Fact]
    public async Task A_ledger_that_fails_while_issuing_is_an_internal_fault_without_a_certificate()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens, change: ca => ca with { Ledger = new FullLedger(ca.Ledger, ca.Settings.Names.IssuingCa) });

        Reply reply = await server.Http.ApiAsync("POST", "/certificates", Calls.Request("www.example.com"), SomeAccess.TokenText);

        Assert.Equal((500, "internal"), reply.Refusal());
        Assert.StartsWith("the disk is full", reply.Said(), StringComparison.Ordinal);
    }

    /// <summary>A folder whose reads wait, once it is closed.</summary>
    private sealed class GatedFiles(IInternalFiles inner, Task gate) : IInternalFiles
    {
        private readonly TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Location => inner.Location;

        public bool IsClosed { get; set; }

        public Task Waiting => waiting.Task;

        public async Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation)
        {
            if (IsClosed)
            {
                waiting.TrySetResult();
                await gate;
            }

            return await inner.ReadAsync(key, cancellation);
        }
    }

    /// <summary>A ledger that stores CAs and nothing else.</summary>
    private sealed class FullLedger(ICertificateLedger inner, string issuingCa) : ForwardingLedger(inner)
    {
        public override Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation) =>
            addition.Record.IsCa ? base.AddAsync(addition, cancellation) : throw new LedgerUnavailableException($"the disk is full: {issuingCa}", nothingWasStored: true);
    }
}
