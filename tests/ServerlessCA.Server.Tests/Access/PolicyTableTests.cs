using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;
using ServerlessCA.Server.Access;

namespace ServerlessCA.Server.Tests.Access;

/// <summary>Makes requests as callers with and without a policy, and compares what comes of them with the table of docs/policies.md;
/// UPDATE_GOLDEN=1 writes the table.</summary>
public sealed class PolicyTableTests
{
    private const string Begin = "<!-- policies: written by PolicyTableTests -->\n";
    private const string End = "<!-- end of policies -->";
    private const string WebToken = "a-token-for-certificates-of-web";

    private static readonly RequestPolicy Web = new()
    {
        Name = PolicyRows.Policy,
        CommonNames = [Pattern(PolicyRows.Hosts)],
        Sans = [SanPattern.OfHosts(Pattern(PolicyRows.Hosts)), Parsed(PolicyRows.Addresses)],
        Usages = [Core.Requests.ExtendedKeyUsage.ServerAuth],
        MaxDays = PolicyRows.MaxDays,
    };

    [Fact]
    public async Task Who_gets_which_certificate_is_as_the_table_says()
    {
        string page = Repository.At("docs", "policies.md");
        string text = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = text.IndexOf(End, StringComparison.Ordinal);

        string table = await TableAsync();

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(page, $"{text[..begin]}{table}{text[end..]}", TestContext.Current.CancellationToken);
        }

        Assert.Equal(text[begin..end], table);
    }

    [Fact]
    public async Task The_Lambda_API_is_bound_to_the_policy_too_and_searches_for_no_settled_entries()
    {
        await using RunningServer server = await StartAsync();

        Reply good = (await server.Http.InvokeAsync(Calls.TlsCert, Request("a.web.example.com"), WebToken)).Ok();
        Reply bad = (await server.Http.InvokeAsync(Calls.TlsCert, Request("a.api.example.com"), WebToken)).Ok();
        Reply search = (await server.Http.InvokeAsync(Calls.TlsCert, """{"settled_entries_of": "tls.json"}""", WebToken)).Ok();

        Assert.True(good.Json.TryGetProperty("CertificateInfo", out _), good.Text);
        Assert.Equal("policy_refused", bad.Json.GetProperty("code").GetString());
        Assert.Equal("Policy \"web\" allows no common name 'a.api.example.com': rule common_names is *.web.example.com", bad.Json.GetProperty("error").GetString());
        Assert.True(search.Json.TryGetProperty("error", out _), search.Text);
    }

    [Fact]
    public async Task A_plan_refuses_what_the_policy_of_its_caller_refuses()
    {
        await using RunningServer server = await StartAsync();
        string body = $$"""{"Tls":[{{Request("a.web.example.com")}},{{Request("a.api.example.com")}}]}""";

        JsonElement bound = (await server.Http.ApiAsync("POST", "/plan", body, WebToken)).Ok().Json.GetProperty("Entries");
        JsonElement free = (await server.Http.ApiAsync("POST", "/plan", body, ApiCalls.RequestTokenText)).Ok().Json.GetProperty("Entries");

        Assert.Equal(["Issue", "Refuse"], bound.EnumerateArray().Select(entry => entry.GetProperty("Plan").GetString()));
        Assert.Equal("policy_refused", bound[1].GetProperty("Code").GetString());
        Assert.Equal(["Issue", "Issue"], free.EnumerateArray().Select(entry => entry.GetProperty("Plan").GetString()));
    }

    [Theory]
    [InlineData("/run", "{}")]
    [InlineData("/revocations", """{"CommonName": "a.web.example.com", "Reason": "superseded"}""")]
    public async Task A_caller_with_a_policy_neither_runs_nor_revokes_anything(string path, string body)
    {
        await using RunningServer server = await StartAsync();
        using HttpClient member = await ClientAsync(server, "member.web.example.com");

        Reply[] replies =
        [
            await server.Http.ApiAsync("POST", path, body, WebToken),
            await member.ApiAsync("POST", path, body),
            await server.Http.ApiAsync("POST", path, body, null, await server.Http.SignInAsync(WebToken), ("Origin", server.Server.Url)),
        ];

        Assert.All(replies, reply => Assert.Equal((403, "not_allowed"), reply.Refusal()));
    }

    [Theory]
    [InlineData("/certificates")]
    [InlineData("/authorities")]
    [InlineData("/certificates/summary")]
    [InlineData("/history")]
    public async Task A_caller_with_a_policy_reads_what_requesters_read(string path)
    {
        await using RunningServer server = await StartAsync();

        Reply bound = await server.Http.ReadAsync(path, WebToken);
        Reply free = await server.Http.ReadAsync(path, ApiCalls.RequestTokenText);

        Assert.Equal(200, bound.Status);
        Assert.Equal(free.Status, bound.Status);
    }

    [Theory]
    [InlineData(30, "yes")]
    [InlineData(365, "`max_days`")]
    public async Task The_renewal_by_a_bound_certificate_is_judged(int days, string expected)
    {
        await using RunningServer server = await StartAsync();
        using HttpClient member = await ClientAsync(server, "member.web.example.com");
        string renewal = Calls.Request("member.web.example.com", json =>
        {
            json["purposes"] = new JsonArray("server_auth");
            json["lifetime"] = days;
        });
        string asClient = Calls.Request("member.web.example.com", json => json["purposes"] = new JsonArray("client_auth"));

        Assert.Equal(expected, VerdictOf(await member.ApiAsync("POST", "/certificates", renewal)));
        Assert.Equal("`usages`", VerdictOf(await member.ApiAsync("POST", "/certificates", asClient)));
    }

    [Fact]
    public async Task A_server_does_not_start_when_a_policy_is_not_there()
    {
        InvalidSettingsException fault = await Assert.ThrowsAsync<InvalidSettingsException>(() => RunningServer.StartAsync(
            ApiCalls.WithTokens with { Access = ApiCalls.WithTokens.Access.WithPolicyToken("web", Token(WebToken)) }));

        Assert.StartsWith("callers are bound to a policy that request_policies does not have: web", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_star_without_a_policy_would_let_callers_leave_theirs()
    {
        AccessPolicy access = new AccessPolicy([], [SomeAccess.Client("*")]).WithPolicyToken("web", Token(WebToken));

        Assert.StartsWith("'*' admits every client certificate without a policy", access.WhyNotBound([Web]), StringComparison.Ordinal);
        Assert.Null((access with { Clients = [SomeAccess.Client("*=policy:web"), SomeAccess.Client("caller")] }).WhyNotBound([Web]));
        Assert.Null(new AccessPolicy([], [SomeAccess.Client("*")]).WhyNotBound([]));
    }

    [Theory]
    [InlineData("client_auth", "'*' binds every client certificate to the policy 'people', and the policy 'web' allows client_auth")]
    [InlineData("*", "'*' binds every client certificate to the policy 'people', and the policy 'web' allows client_auth")]
    [InlineData("server_auth", null)]
    public void A_caller_cannot_change_its_policy_by_a_certificate_that_it_may_have(string usage, string? problem)
    {
        RequestPolicy web = Web with { Usages = [usage == "*" ? RequestPolicy.AnyUsage : usage == "client_auth" ? ExtendedKeyUsage.ClientAuth : ExtendedKeyUsage.ServerAuth] };
        AccessPolicy access = new AccessPolicy([], [SomeAccess.Client("*=policy:people")]).WithPolicyToken("web", Token(WebToken));

        string? why = access.WhyNotBound([web, Web with { Name = "people" }]);

        Assert.StartsWith(problem ?? "", why ?? "", StringComparison.Ordinal);
        Assert.Equal(problem is null, why is null);
    }

    [Fact]
    public void Everybody_has_one_policy()
    {
        var access = new AccessPolicy([], [SomeAccess.Client("*=policy:web"), SomeAccess.Client("*=policy:people")]);

        Assert.StartsWith("'*' is bound to several policies (web, people)", access.WhyNotBound([Web, Web with { Name = "people" }]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("caller=policy:web", "web", null)]
    [InlineData("*=policy:web", "web", null)]
    [InlineData("caller", null, null)]
    [InlineData("caller=policy:", null, "names no policy: write NAME=policy:POLICY")]
    [InlineData("=policy:web", null, "has no name")]
    public void A_client_may_be_bound_to_a_policy(string text, string? policy, string? problem)
    {
        bool isRead = AllowedClient.TryParse(text, out AllowedClient? client, out string? why);

        Assert.Equal(problem is null, isRead);
        Assert.Equal(policy, client?.PolicyName);
        Assert.StartsWith(problem ?? "", why ?? "", StringComparison.Ordinal);
    }

    private static async Task<string> TableAsync()
    {
        await using RunningServer server = await StartAsync();
        using HttpClient member = await ClientAsync(server, "member.web.example.com");
        using HttpClient free = await ClientAsync(server, "free.example.com");
        using HttpClient any = await ClientAsync(server, "anybody.example.com");
        (string, string) origin = ("Origin", server.Server.Url);
        var table = new StringBuilder($"| caller | {string.Join(" | ", PolicyRows.All.Select(row => row.Name))} |\n|{string.Concat(PolicyRows.All.Select(_ => " --- |"))} --- |\n");
        await AddAsync(table, "the token of operators", server.Http, Bearer(SomeAccess.TokenText));
        await AddAsync(table, "the token of requesters, without a policy", server.Http, Bearer(ApiCalls.RequestTokenText));
        await AddAsync(table, "the token of the policy", server.Http, Bearer(WebToken));
        await AddAsync(table, "a session of that token", server.Http, await server.Http.SignInAsync(WebToken), origin);
        await AddAsync(table, "a certificate that is bound to the policy", member);
        await AddAsync(table, "a session of that certificate", member, await ByCertificateAsync(member), origin);
        await AddAsync(table, "a certificate without a policy", free);
        await AddAsync(table, "any other certificate, where `'*=policy:web'` admits all", any);
        await AddAsync(table, "the token of the policy, with the certificate without a policy", free, Bearer(WebToken));
        await AddAsync(table, "the token of operators, with the certificate that is bound to the policy", member, Bearer(SomeAccess.TokenText));
        return table.ToString();
    }

    private static async Task AddAsync(StringBuilder table, string caller, HttpClient http, params (string, string)[] headers)
    {
        table.Append(CultureInfo.InvariantCulture, $"| {caller} |");
        var verdicts = new List<string>();
        foreach (PolicyRow row in PolicyRows.All)
        {
            verdicts.Add(VerdictOf(await http.ApiAsync("POST", "/certificates", Request(row), null, headers)));
            table.Append(CultureInfo.InvariantCulture, $" {verdicts[^1]} |");
        }

        table.Append('\n');
        string[] bound = [.. PolicyRows.All.Select(row => row.Rule is { } rule ? $"`{rule}`" : "yes")];
        Assert.Equal(verdicts.Any(verdict => verdict != "yes") ? bound : [.. bound.Select(_ => "yes")], verdicts); // all of the policy, or none
    }

    private static string VerdictOf(Reply reply)
    {
        if (reply.Status == 200)
        {
            return "yes";
        }

        Assert.Equal((422, "policy_refused"), (reply.Status, reply.Json.GetProperty("code").GetString()));
        return $"`{PolicyRow.RuleOf(reply.Json.GetProperty("error").GetString()!)}`";
    }

    private static string Request(string commonName) => Calls.Request(commonName, json => json["purposes"] = new JsonArray("server_auth"));

    private static string Request(PolicyRow row)
    {
        JsonObject members = row.Request();
        return Calls.Request(members["common_name"]!.GetValue<string>(), json =>
        {
            foreach ((string name, JsonNode? value) in members)
            {
                json[name] = value?.DeepClone();
            }
        });
    }

    private static async Task<RunningServer> StartAsync()
    {
        RunningServer server = await RunningServer.StartAsync(
            ApiCalls.WithEverything with
            {
                PageRequests = true,
                Access = (ApiCalls.WithTokens.Access with
                {
                    Clients = [SomeAccess.Client("member.web.example.com=policy:web"), SomeAccess.Client("free.example.com"), SomeAccess.Client("*=policy:web")],
                }).WithPolicyToken("web", Token(WebToken)),
            },
            change: ca => ca with { Settings = ca.Settings with { RequestPolicies = [Web] } });
        await server.UseTlsAsync();
        return server;
    }

    private static async Task<HttpClient> ClientAsync(RunningServer server, string name) =>
        await SomeAccess.ClientAsync(server, await SomeAccess.CertificateAsync(server, name));

    private static async Task<(string, string)> ByCertificateAsync(HttpClient http)
    {
        Reply reply = (await http.ApiAsync("POST", "/session", "{}")).Ok();
        return ("Cookie", reply.Headers["set-cookie"].Split(';')[0]);
    }

    private static (string, string) Bearer(string token) => ("Authorization", $"Bearer {token}");

    private static AccessToken Token(string text) => AccessToken.TryParse(text, out AccessToken? token, out string? why) ? token! : throw new InvalidOperationException(why);

    private static NamePattern Pattern(string text) => NamePattern.TryParse(text, out NamePattern? pattern, out string? why) ? pattern : throw new InvalidOperationException(why);

    private static SanPattern Parsed(string text) => SanPattern.TryParse(text, out SanPattern? pattern, out string? why) ? pattern : throw new InvalidOperationException(why);
}
