using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Server.Api;

namespace ServerlessCA.Server.Tests.Api;

/// <summary>Sends hostile and broken calls of the API: the answer is always clean, nothing is ignored, and the server goes
/// on.</summary>
public sealed class HostileApiTests
{
    [Theory]
    [InlineData("/certificates?limit=0")]
    [InlineData("/certificates?limit=201")]
    [InlineData("/certificates?limit=1e2")]
    [InlineData("/certificates?limit=-1")]
    [InlineData("/certificates?limit=%20")]
    [InlineData("/certificates?sort=serial")]
    [InlineData("/certificates?status=valid,broken")]
    [InlineData("/certificates?status=,")]
    [InlineData("/certificates?source=unknown")]
    [InlineData("/certificates?purpose=everything")]
    [InlineData("/certificates?issuer=nobody")]
    [InlineData("/certificates?expires_within=30")]
    [InlineData("/certificates?expires_within=99999999999999d")]
    [InlineData("/certificates?expires_from=2030-01-01")]
    [InlineData("/certificates?expires_until=2030-13-01T00:00:00Z")]
    [InlineData("/certificates?expires_within=3d&expires_until=2030-01-01T00:00:00Z")]
    [InlineData("/certificates?cursor=AAAA")]
    [InlineData("/certificates?cursor=%00")]
    [InlineData("/certificates?Name=a")]
    [InlineData("/certificates?name=a&name=b")]
    [InlineData("/certificates?name=%0d%0aSet-Cookie:%20a=b")]
    [InlineData("/certificates?%00=1")]
    [InlineData("/certificates/12?name=a&x")]
    [InlineData("/certificates/%2e%2e%2f")]
    [InlineData("/certificates/..%2f..%2fsettings.json")]
    [InlineData("/certificates/0x/pem")]
    [InlineData("/history?since=yesterday")]
    [InlineData("/history?limit=10001")]
    [InlineData("/history?name=a&serial=12")]
    [InlineData("/history?serial=no-number")]
    [InlineData("/health?verbose")]
    public async Task A_parameter_that_cannot_be_used_is_named_and_refused(string path)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Reply reply = await server.Http.ReadAsync(path, token: null);

        Assert.Equal((400, "bad_parameter"), reply.Refusal());
        Assert.DoesNotContain("set-cookie", reply.Headers.Keys);
    }

    [Fact]
    public async Task A_value_may_have_1024_characters_and_no_more()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Assert.Equal(200, (await server.Http.ReadAsync($"/certificates?name={new string('a', 1024)}", token: null)).Status);
        Assert.Equal((400, "bad_parameter"), (await server.Http.ReadAsync($"/certificates?name={new string('a', 1025)}", token: null)).Refusal());
    }

    [Fact]
    public async Task A_huge_query_is_refused_before_anything_reads_it()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Reply reply = await server.Http.ReadAsync($"/certificates?name={new string('a', 20_000)}", token: null);

        Assert.Contains(reply.Status, (int[])[414, 431]);
        Assert.Equal(200, (await server.Http.ReadAsync("/health", token: null)).Status);
    }

    [Theory]
    [InlineData("/revocations", "", "The body is empty.")]
    [InlineData("/revocations", "[]", "The body is not a JSON object.")]
    [InlineData("/revocations", "{", "The body is not JSON")]
    [InlineData("/revocations", "{}", "Nothing says which certificate to revoke.")]
    [InlineData("/revocations", """{"commonName":"a"}""", "The body has a member that this call does not take.")]
    [InlineData("/revocations", """{"CommonName":1}""", "The member 'CommonName' is not text.")]
    [InlineData("/revocations", """{"CommonName":"a","CommonName":"b"}""", "The member 'CommonName' stands twice.")]
    [InlineData("/revocations", """{"CommonName":"\ud800"}""", "The body has half of a character.")]
    [InlineData("/revocations", """{"\ud800":"a"}""", "The body has half of a character.")]
    [InlineData("/revocations", """{"SerialNumber":"x"}""", "The member 'SerialNumber' is not a serial number.")]
    [InlineData("/revocations", """{"CommonName":"a","Reason":"because"}""", "The member 'Reason' is not a reason.")]
    [InlineData("/run", """{"Steps":"all"}""", "The body has a member that this call does not take.")]
    [InlineData("/plan", "[]", "The body is not a JSON object with something to plan.")]
    [InlineData("/plan", "{}", "The body is not a JSON object with something to plan.")]
    [InlineData("/plan", """{"Tls":{}}""", "The member 'Tls' is neither a list nor the text of one.")]
    [InlineData("/plan", """{"Tls":[],"Targets":["moon"]}""", "The member 'Targets' is not a list of targets.")]
    [InlineData("/plan", """{"Tls":[],"Targets":"java"}""", "The member 'Targets' is not a list of targets.")]
    [InlineData("/plan", """{"Tls":"\ud800"}""", "The body has half of a character.")]
    [InlineData("/plan", """{"Tls":[],"Tls":[]}""", "The member 'Tls' has the same thing twice.")]
    [InlineData("/plan", """{"Request":[]}""", "The member 'Request' is not an object.")]
    [InlineData("/plan", """{"Request":{},"Tls":[]}""", "The body has a member that this call does not take, or not beside the others.")]
    [InlineData("/plan", """{"Csrs":{"a.csr":1}}""", "The member 'Csrs' is not an object whose members are texts.")]
    [InlineData("/plan", """{"Csrs":{"\udfff":"a"}}""", "The body has half of a character.")]
    [InlineData("/plan", """{"Files":{}}""", "The body has a member that this call does not take")]
    [InlineData("/session", """{"Token":"a","Remember":"yes"}""", "The body has a member that this call does not take.")]
    [InlineData("/certificates", "", "The body is empty.")]
    [InlineData("/certificates", "{\"common_name\":", "The body is not JSON")]
    public async Task A_body_that_cannot_be_used_is_refused_with_the_reason(string path, string body, string message)
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);

        Reply reply = await server.Http.ApiAsync("POST", path, body, SomeAccess.TokenText);

        Assert.Equal((400, "bad_body"), reply.Refusal());
        Assert.StartsWith(message, reply.Said(), StringComparison.Ordinal);
        Assert.Empty(server.Log.Lines("unexpected"));
    }

    [Theory]
    [InlineData("Tls", false)]
    [InlineData("Tls", true)]
    [InlineData("Revoked", true)]
    public async Task A_list_of_more_elements_than_a_plan_can_hold_is_refused(string member, bool asText)
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);
        string list = $"[{string.Join(',', Enumerable.Repeat("1", 10_001))}]";
        string value = asText ? $"\"\ufeff{list}\"" : list;

        Reply reply = await server.Http.ApiAsync("POST", "/plan", $"{{\"{member}\":{value}}}", SomeAccess.TokenText);

        Assert.Equal((400, "bad_body"), reply.Refusal());
        Assert.StartsWith($"The member '{member}' has more than 10000 elements.", reply.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CSRs_beyond_what_a_plan_can_hold_are_refused_and_a_target_counts_once()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);
        string csrs = string.Join(',', Enumerable.Range(0, 10_001).Select(number => $"\"{number}\":\"\""));
        string targets = string.Join(',', Enumerable.Repeat("\"java\"", 100_000));

        Reply tooMany = await server.Http.ApiAsync("POST", "/plan", $"{{\"Csrs\":{{{csrs}}}}}", SomeAccess.TokenText);

        Assert.Equal((400, "bad_body"), tooMany.Refusal());
        Assert.StartsWith("The member 'Csrs' has more than 10000 elements.", tooMany.Said(), StringComparison.Ordinal);
        Assert.True(PlannedFiles.TryRead(Encoding.UTF8.GetBytes($"{{\"Tls\":[],\"Targets\":[{targets}]}}"), out PlannedFiles? files, out _));
        Assert.Single(files.Targets);
    }

    [Fact]
    public async Task A_list_that_is_sent_as_the_text_of_its_file_has_its_lines_and_its_faults()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);

        Reply lines = (await server.Http.ApiAsync("POST", "/plan", """{"Tls":"\n\n[17,\n 18]"}""", SomeAccess.TokenText)).Ok();
        Reply broken = (await server.Http.ApiAsync("POST", "/plan", """{"Tls":"[{]"}""", SomeAccess.TokenText)).Ok();

        Assert.Equal([3, 4], lines.Json.GetProperty("Entries").EnumerateArray().Select(entry => entry.GetProperty("Line").GetInt32()));
        Assert.Contains("tls.json in the request is not JSON: broken at line 1, byte 3", broken.Text, StringComparison.Ordinal);
        Assert.True(broken.Json.GetProperty("Fails").GetBoolean());
    }

    [Fact]
    public async Task A_body_nested_a_thousand_times_harms_nobody()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);
        string deep = string.Concat(Enumerable.Repeat("{\"Tls\":[", 1000));

        foreach (string path in (string[])["/plan", "/certificates", "/revocations"])
        {
            Assert.Equal((400, "bad_body"), (await server.Http.ApiAsync("POST", path, deep, SomeAccess.TokenText)).Refusal());
        }

        Assert.Empty(server.Log.Lines("unexpected"));
    }

    [Theory]
    [InlineData("\"; filename=evil.exe")]
    [InlineData("a\r\nSet-Cookie: a=b")]
    [InlineData("../../etc/passwd")]
    [InlineData("bücher.example.com")]
    [InlineData("...")]
    [InlineData("*.example.com")]
    public async Task The_name_of_a_file_needs_no_quotes_and_is_harmless_in_every_folder(string commonName)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        IssueOutcome outcome = await new IssueCertificate(server.Ca).RunAsync(
            Encoding.UTF8.GetBytes(Calls.Request("plain", key, json => json["common_name"] = commonName)), TestContext.Current.CancellationToken);
        string serial = JsonDocument.Parse(outcome.Json).RootElement.GetProperty("CertificateInfo").GetProperty("SerialNumber").GetString()!;

        Reply file = (await server.Http.ReadAsync($"/certificates/{serial}/pem", token: null)).Ok();

        Assert.Matches("\\Aattachment; filename=\"[A-Za-z0-9_-][A-Za-z0-9._-]*\\.pem\"\\z", file.Headers["content-disposition"]);
        Assert.DoesNotContain("set-cookie", file.Headers.Keys);
    }

    [Fact]
    public async Task A_common_name_with_every_character_of_a_path_is_found_and_downloaded()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        const string Name = "a/b c%2F..?x=1&y#\"ü";
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await new IssueCertificate(server.Ca).RunAsync(Encoding.UTF8.GetBytes(Calls.Request("plain", key, json => json["common_name"] = Name)), TestContext.Current.CancellationToken);

        Reply found = (await server.Http.ReadAsync($"/names/{Uri.EscapeDataString(Name)}", token: null)).Ok();
        string serial = found.Json.GetProperty("Certificates")[0].GetProperty("SerialNumber").GetString()!;
        Reply file = (await server.Http.ReadAsync($"/certificates/{serial}/chain?name={Uri.EscapeDataString(Name)}", token: null)).Ok();

        Assert.Equal(Name, found.Json.GetProperty("Certificates")[0].GetProperty("CommonName").GetString());
        Assert.Equal("attachment; filename=\"a_b_c_2F.._x_1_y___-chain.pem\"", file.Headers["content-disposition"]);
        Assert.Equal(3, file.Text.Split("-----BEGIN CERTIFICATE-----").Length - 1);
    }

    [Fact]
    public async Task A_cookie_of_another_level_does_not_add_to_a_token()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);
        (string, string) operators = await server.Http.SignInAsync(SomeAccess.TokenText);

        Reply both = await server.Http.ApiAsync("POST", "/run", "{}", ApiCalls.RequestTokenText, operators);

        Assert.Equal((403, "not_allowed"), both.Refusal());
    }

    [Fact]
    public async Task The_Lambda_API_knows_no_sessions()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);
        (string, string) operators = await server.Http.SignInAsync(SomeAccess.TokenText);

        Reply reply = await server.Http.InvokeAsync(Calls.Expiry, "{}", null, operators);

        Assert.Equal((401, "MissingAuthenticationTokenException"), (reply.Status, reply.Fault));
    }

    [Fact]
    public async Task Bodies_of_strangers_are_counted_and_limited_before_they_are_read()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens with { BodyTimeout = TimeSpan.FromSeconds(1) });

        string early = await server.SendRawAsync("POST /api/v1/certificates HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 6000000\r\n\r\n");
        string large = await server.SendRawAsync("POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 16385\r\n\r\n");
        string slow = await server.SendRawAsync("POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");

        Assert.StartsWith("HTTP/1.1 401 ", early, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 413 ", large, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 408 ", slow, StringComparison.Ordinal);
        Assert.Contains("\"too_slow\"", slow, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/v1", 404)]
    [InlineData("GET", "/api/v1/", 404)]
    [InlineData("GET", "/api/v2/health", 404)]
    [InlineData("GET", "/api/v1/certificates/1/exe", 404)]
    [InlineData("PUT", "/api/v1/certificates", 405)]
    [InlineData("OPTIONS", "/api/v1/session", 405)]
    [InlineData("TRACE", "/api/v1/session", 405)]
    [InlineData("GET", "/page/../settings.json", 404)]
    [InlineData("GET", "/page/%2e%2e/%2e%2e/settings.json", 404)]
    [InlineData("GET", "/page/..%2f..%2fca.db", 404)]
    [InlineData("GET", "/page/index.html", 404)]
    [InlineData("POST", "/page/main.js", 405)]
    public async Task Odd_paths_and_methods_reach_nothing(string method, string path, int status)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        string answer = await server.SendRawAsync($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Access-Control", answer, StringComparison.OrdinalIgnoreCase);
    }
}
