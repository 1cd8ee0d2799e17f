using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Server.Access;

namespace ServerlessCA.Server.Tests.Api;

/// <summary>Compares the OpenAPI document with a running server: routes, and the answer to every operation, refusals included. A
/// validator of OpenAPI and one of JSON Schema judge.</summary>
public sealed class OpenApiTests
{
    private const string Example = "www.example.com";
    private const int TooLarge = 7 * 1024 * 1024;

    [Fact]
    public async Task The_routes_of_the_server_are_the_paths_of_the_document()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        var calls = new DescribedCalls((await server.Http.ReadAsync("/openapi.json", token: null)).Ok().Json);

        IEnumerable<string> mapped = server.Server.Routes.Where(route => route.Path.StartsWith(ApiCalls.Root, StringComparison.Ordinal))
            .Select(route => $"{route.Method} {route.Path[ApiCalls.Root.Length..]}");

        Assert.Equal(
            calls.Operations.SelectMany(operation => operation.Method == "GET" ? (string[])[$"GET {operation.Path}", $"HEAD {operation.Path}"] : [$"{operation.Method} {operation.Path}"]).Order(),
            mapped.Order());
    }

    [Fact]
    public async Task Every_answer_of_every_operation_is_as_the_document_says()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens with { PageRequests = true });
        var calls = new DescribedCalls((await server.Http.ReadAsync("/openapi.json", token: null)).Ok().Json);
        (string, string) session = await server.Http.SignInAsync(SomeAccess.TokenText);

        IReadOnlyDictionary<string, string> targets = await SucceedAsync(server, calls, session);
        foreach ((string method, string path, string level) in calls.Operations)
        {
            await RefuseAsync(server, calls, session, method, path, targets.GetValueOrDefault(path, path), level);
        }

        await RefuseParticularsAsync(server, calls);
        Assert.Empty(calls.Missing);
        Assert.Empty(await calls.FaultsAsync());
    }

    [Theory]
    [InlineData("body", """{"Project":"a","Environment":"b","SignIn":[],"MayRequest":false,"MayRevoke":false,"Lifetimes":{"Default":30,"Longest":365},"Secret":1}""", "additional properties")]
    [InlineData("body", """{"Project":"a"}""", "required property 'SignIn'")]
    [InlineData("headers", """{"content-type":"application/json","cache-control":"max-age=60"}""", "the header X-Content-Type-Options is missing")]
    [InlineData("headers", """{"content-type":"text/html"}""", "the media type text/html is not documented")]
    [InlineData("status", "299", "required property 'Error'")]
    public async Task The_judge_notices_an_answer_that_is_not_as_documented(string member, string json, string said)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Reply document = (await server.Http.ReadAsync("/openapi.json", token: null)).Ok();
        var answer = new JsonObject { ["method"] = "GET", ["path"] = "/session", ["status"] = 200, ["headers"] = new JsonObject { ["content-type"] = "application/json" }, ["body"] = "{}" };
        answer[member] = member == "body" ? json : JsonNode.Parse(json);

        string[] verdicts = await JsonSchemas.JudgeAnswersAsync(document.Text, [answer]);

        Assert.Equal("valid", verdicts[0]);
        Assert.Contains(said, verdicts[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_read_is_a_documented_answer_and_no_crash()
    {
        await using RunningServer broken = await RunningServer.StartAsync(ApiCalls.WithTokens, change: ca => ca with { Ledger = new BrokenLists(ca.Ledger) });
        var calls = new DescribedCalls((await broken.Http.ReadAsync("/openapi.json", token: null)).Ok().Json);

        Reply reply = await calls.CallAsync(broken.Http, 503, "GET", "/certificates", token: SomeAccess.TokenText);

        Assert.Equal((503, "busy"), reply.Refusal());
        Assert.Empty(await calls.FaultsAsync());
        Assert.Single(broken.Log.Lines("function-failed"));
    }

    // One call of each operation that does what it is for; returns what stands for the parameters of paths.
    private static async Task<IReadOnlyDictionary<string, string>> SucceedAsync(RunningServer server, DescribedCalls calls, (string, string) session)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string request = Calls.Request(Example, key);
        string token = SomeAccess.TokenText;
        await calls.CallAsync(server.Http, 200, "POST", "/plan", null, $$"""{"Request":{{request}}}""", token);
        Reply issued = await calls.CallAsync(server.Http, 200, "POST", "/certificates", null, request, null, session);
        await calls.CallAsync(server.Http, 200, "POST", "/certificates", null, """{"ca_chain_only":true}""", token);
        await calls.CallAsync(server.Http, 422, "POST", "/certificates", null, request, token);
        string serial = issued.Json.GetProperty("CertificateInfo").GetProperty("SerialNumber").GetString()!;
        var targets = new Dictionary<string, string> { ["/names/{name}"] = $"/names/{Example}", ["/history"] = $"/history?serial={serial}" };
        foreach (string form in (string[])["", "/pem", "/der", "/chain", "/p7b"])
        {
            targets[$"/certificates/{{serial}}{form}"] = $"/certificates/{serial}{form}";
        }

        foreach ((string method, string path, _) in calls.Operations.Where(operation => operation.Method == "GET"))
        {
            await calls.CallAsync(server.Http, 200, method, path, targets.GetValueOrDefault(path, path), null, token);
            await calls.CallAsync(server.Http, 200, "HEAD", path, targets.GetValueOrDefault(path, path), null, token);
        }

        await calls.CallAsync(server.Http, 200, "GET", "/certificates", "/certificates?status=valid,ca&sort=expiry&limit=1&expires_within=3m&name=EXAMPLE&purpose=client", null, token);
        await calls.CallAsync(server.Http, 200, "POST", "/plan", null, """{"Tls":[],"Revoked":[{"common_name":"a","serial_number":"12"}],"Csrs":{"a.csr":"x"}}""", token);
        await calls.CallAsync(server.Http, 200, "POST", "/revocations", null, $$"""{"SerialNumber":"{{serial}}","Reason":"superseded"}""", null, session);
        await calls.CallAsync(server.Http, 200, "GET", "/certificates/{serial}", $"/certificates/{serial}?name={Example}", null, token);
        await calls.CallAsync(server.Http, 200, "POST", "/run", null, "{}", token);
        await calls.CallAsync(server.Http, 200, "POST", "/session", null, $$"""{"Token":"{{ApiCalls.RequestTokenText}}"}""");
        await calls.CallAsync(server.Http, 204, "DELETE", "/session");
        return targets;
    }

    // The refusals that many operations have, wherever the document has them.
    private static async Task RefuseAsync(
        RunningServer server, DescribedCalls calls, (string, string) session, string method, string path, string target, string level)
    {
        HttpClient http = server.Http;
        string? body = method == "POST" ? path == "/plan" ? """{"Tls":[]}""" : "{}" : null;
        string token = SomeAccess.TokenText;
        (string, string) page = ("Origin", server.Server.Url);
        await calls.CallAsync(http, 400, method, path, $"{target}{(target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}unknown=1", body, token);
        await calls.CallAsync(http, 403, method, path, target, body, token, ("Origin", "https://example.com"));
        await calls.CallAsync(http, 421, method, path, target, body, token, ("Host", "attacker.example.com"));
        await calls.CallAsync(http, 413, method, path, target, new string(' ', method == "POST" ? TooLarge : 1), token, ("Expect", "100-continue"));
        if (level != "none")
        {
            await calls.CallAsync(http, 401, method, path, target, body, null, page);
            await calls.CallAsync(http, 401, method, path, target, body, "a-token-of-another-server");
            await calls.CallAsync(http, 401, method, path, target, body, null, ("Cookie", "serverless_ca_session=an-old-one"));
        }

        if (level == "operate")
        {
            await calls.CallAsync(http, 403, method, path, target, body, ApiCalls.RequestTokenText);
        }

        if (body is not null)
        {
            await calls.CallAsync(http, 415, method, path, target, body, null, session, ("Content-Type", "text/plain"));
            await calls.CallAsync(http, 400, method, path, target, "{", token);
            await calls.CallAsync(http, 400, method, path, target, "", token);
        }
    }

    private static async Task RefuseParticularsAsync(RunningServer server, DescribedCalls calls)
    {
        string token = SomeAccess.TokenText;
        foreach (string form in (string[])["", "/pem", "/der", "/chain", "/p7b"])
        {
            await calls.CallAsync(server.Http, 404, "GET", $"/certificates/{{serial}}{form}", $"/certificates/12{form}", null, token);
            await calls.CallAsync(server.Http, 400, "GET", $"/certificates/{{serial}}{form}", $"/certificates/no-number{form}", null, token);
        }

        await calls.CallAsync(server.Http, 404, "GET", "/names/{name}", "/names/nobody", null, token);
        await calls.CallAsync(server.Http, 404, "GET", "/history", "/history?name=nobody", null, token);
        await calls.CallAsync(server.Http, 404, "POST", "/revocations", null, """{"CommonName":"nobody"}""", token);
        await calls.CallAsync(server.Http, 409, "POST", "/revocations", null, """{"CommonName":"serverless-root-ca-dev"}""", token);
        for (int i = 0; i < SignInAttempts.Most; i++)
        {
            await calls.CallAsync(server.Http, 401, "POST", "/session", null, """{"Token":"wrong"}""");
        }

        await calls.CallAsync(server.Http, 429, "POST", "/session", null, """{"Token":"wrong"}""");
    }

    /// <summary>A ledger whose list cannot be read.</summary>
    private sealed class BrokenLists(ICertificateLedger inner) : ForwardingLedger(inner)
    {
        public override IAsyncEnumerable<CertificateRecord> ListAsync(CancellationToken cancellation) =>
            throw new LedgerUnavailableException("the ledger is locked", nothingWasStored: true);
    }
}
