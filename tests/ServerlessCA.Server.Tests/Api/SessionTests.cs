using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Server.Access;

namespace ServerlessCA.Server.Tests.Api;

/// <summary>Checks the sessions of web pages: how they begin, what they may do, and how they end.</summary>
public sealed class SessionTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_token_signs_in_and_the_cookie_is_for_this_site_alone()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);

        Reply reply = (await server.Http.ApiAsync("POST", "/session", $$"""{"Token":"{{SomeAccess.TokenText}}"}""")).Ok();

        Assert.Matches(@"\Aserverless_ca_session=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict\z", reply.Headers["set-cookie"]);
        Assert.Equal("no-store", reply.Headers["cache-control"]);
        Assert.Equal(
            ("session of token serverless-ca", "operate", true),
            (reply.Json.GetProperty("Caller").GetString(), reply.Json.GetProperty("Level").GetString(), reply.Json.GetProperty("MayRevoke").GetBoolean()));
    }

    [Fact]
    public async Task With_TLS_the_cookie_belongs_to_this_host_alone()
    {
        await using RunningServer server = await StartWithTlsAsync();

        Reply reply = (await server.Http.ApiAsync("POST", "/session", $$"""{"Token":"{{SomeAccess.TokenText}}"}""")).Ok();

        Assert.Matches(@"\A__Host-serverless_ca_session=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict; Secure\z", reply.Headers["set-cookie"]);
    }

    [Fact]
    public async Task Nobody_is_described_without_version_and_level()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);

        Reply reply = (await server.Http.ReadAsync("/session", token: null)).Ok();

        Assert.Equal(
            """{"Project":"serverless","Environment":"dev","SignIn":["token"],"MayRequest":false,"MayRevoke":false,"Lifetimes":{"Default":30,"Longest":365}}""", reply.Text);
    }

    [Fact]
    public async Task A_session_has_the_level_of_its_token_and_the_log_says_so()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);
        (string, string) cookie = await server.Http.SignInAsync(ApiCalls.RequestTokenText);

        Reply read = await server.Http.ApiAsync("GET", "/health", null, null, cookie);
        Reply revoke = await server.Http.ApiAsync("POST", "/revocations", """{"CommonName":"a"}""", null, cookie);

        Assert.Equal((200, (403, "not_allowed")), (read.Status, revoke.Refusal()));
        Assert.Equal("This call needs the level 'operate', and the caller has the level 'request'.", revoke.Said());
        Assert.All(await server.Log.WaitForAsync("request", 3), line => Assert.Equal("session of token serverless-ca-request", line.GetProperty("caller").GetString()));
    }

    [Fact]
    public async Task A_session_ends_after_half_an_hour_without_a_call_and_after_eight_hours_in_any_case()
    {
        var clock = new FakeTimeProvider(Start);
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens, clock);
        (string, string) idle = await server.Http.SignInAsync(SomeAccess.TokenText);
        (string, string) busy = await server.Http.SignInAsync(SomeAccess.TokenText);

        for (TimeSpan passed = TimeSpan.Zero; passed < TimeSpan.FromHours(8) - TimeSpan.FromMinutes(20); passed += TimeSpan.FromMinutes(20))
        {
            Assert.Equal(200, (await server.Http.ApiAsync("GET", "/health", null, null, busy)).Status);
            clock.Advance(TimeSpan.FromMinutes(20));
        }

        Assert.Equal((401, "not_signed_in"), (await server.Http.ApiAsync("GET", "/health", null, null, idle)).Refusal());
        Assert.Equal(200, (await server.Http.ApiAsync("GET", "/health", null, null, busy)).Status);
        clock.Advance(TimeSpan.FromMinutes(20));
        Reply ended = await server.Http.ApiAsync("GET", "/health", null, null, busy);
        Assert.Equal((401, "not_signed_in"), ended.Refusal());
        Assert.StartsWith("The session has ended", ended.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_deletes_the_cookie()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);
        (string, string) cookie = await server.Http.SignInAsync(SomeAccess.TokenText);

        Reply gone = await server.Http.ApiAsync("DELETE", "/session", null, null, cookie);

        Assert.Equal((204, "serverless_ca_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"), (gone.Status, gone.Headers["set-cookie"]));
        Assert.Equal((401, "not_signed_in"), (await server.Http.ApiAsync("GET", "/health", null, null, cookie)).Refusal());
    }

    [Fact]
    public async Task An_id_that_a_browser_brings_along_is_never_taken_and_the_former_session_ends()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);
        (string, string) planted = ("Cookie", $"serverless_ca_session={new string('A', 43)}");
        (string, string) former = await server.Http.SignInAsync(ApiCalls.RequestTokenText);

        Reply fixed_ = (await server.Http.ApiAsync("POST", "/session", $$"""{"Token":"{{SomeAccess.TokenText}}"}""", null, planted)).Ok();
        Reply changed = (await server.Http.ApiAsync("POST", "/session", $$"""{"Token":"{{SomeAccess.TokenText}}"}""", null, former)).Ok();

        Assert.DoesNotContain("AAAAAAAAAA", fixed_.Headers["set-cookie"], StringComparison.Ordinal);
        Assert.Equal(401, (await server.Http.ApiAsync("GET", "/health", null, null, planted)).Status);
        Assert.Equal(401, (await server.Http.ApiAsync("GET", "/health", null, null, former)).Status);
        Assert.NotEqual(fixed_.Headers["set-cookie"], changed.Headers["set-cookie"]);
    }

    [Fact]
    public async Task Ten_wrong_tokens_a_minute_are_answered_and_no_more_from_that_address()
    {
        var clock = new FakeTimeProvider(Start);
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens, clock);

        for (int i = 0; i < SignInAttempts.Most; i++)
        {
            Assert.Equal((401, "not_signed_in"), (await server.Http.ApiAsync("POST", "/session", """{"Token":"wrong"}""")).Refusal());
        }

        Reply limited = await server.Http.ApiAsync("POST", "/session", $$"""{"Token":"{{SomeAccess.TokenText}}"}""");
        Assert.Equal(((429, "too_many"), "60"), (limited.Refusal(), limited.Headers["retry-after"]));
        clock.Advance(TimeSpan.FromMinutes(1));
        (await server.Http.ApiAsync("POST", "/session", $$"""{"Token":"{{SomeAccess.TokenText}}"}""")).Ok();
    }

    [Fact]
    public void Wrong_credentials_of_any_number_of_addresses_take_a_bounded_memory()
    {
        var clock = new FakeTimeProvider(Start);
        var attempts = new SignInAttempts(clock);
        for (int i = 0; i < 10_000 + SignInAttempts.Most; i++)
        {
            attempts.Count(new IPAddress([10, 0, (byte)(i / 256), (byte)(i % 256)]));
        }

        // Addresses beyond the first ten thousand share one count, those before have their own.
        Assert.True(attempts.IsTooMany(IPAddress.Parse("192.0.2.1")));
        Assert.False(attempts.IsTooMany(IPAddress.Parse("10.0.0.1")));
        clock.Advance(TimeSpan.FromMinutes(1));
        attempts.Count(IPAddress.Parse("192.0.2.1"));
        Assert.False(attempts.IsTooMany(IPAddress.Parse("192.0.2.1")));
    }

    [Fact]
    public void Of_an_id_only_the_hash_is_held_and_it_admits_nobody()
    {
        var sessions = new Sessions(new RandomSerialSource(), new FakeTimeProvider(Start));
        (string id, _) = sessions.Start(Caller.Reader with { Name = "token serverless-ca" }, null);
        string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

        object[] held = [.. typeof(Sessions).GetFields(BindingFlags.NonPublic | BindingFlags.Instance)
            .Select(field => field.GetValue(sessions)).OfType<System.Collections.IDictionary>()];
        string written = JsonSerializer.Serialize(held);

        Assert.Contains(hash, written, StringComparison.Ordinal);
        Assert.Contains("session of token serverless-ca", written, StringComparison.Ordinal);
        Assert.DoesNotContain(id, written, StringComparison.Ordinal);
        Assert.False(sessions.TryUse(hash, out _));
        Assert.True(sessions.TryUse(id, out _));
    }

    [Fact]
    public void Ten_thousand_sessions_leave_a_thousand_and_those_of_others_stay()
    {
        var sessions = new Sessions(new RandomSerialSource(), new FakeTimeProvider(Start));
        (string other, _) = sessions.Start(Caller.Reader with { Name = "token serverless-ca" }, null);

        string[] ids = [.. Enumerable.Range(0, 10_000).Select(_ => sessions.Start(Caller.Reader with { Name = "token serverless-ca-request" }, null).Id)];

        Assert.Equal(Sessions.MaxSessions, sessions.Count);
        Assert.True(sessions.TryUse(other, out _));
        Assert.True(sessions.TryUse(ids[^1], out _));
        Assert.False(sessions.TryUse(ids[0], out _));
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void A_caller_who_takes_all_sessions_ends_none_of_two_people_with_another_token()
    {
        var sessions = new Sessions(new RandomSerialSource(), new FakeTimeProvider(Start));
        Caller operators = Caller.Reader with { Name = "token serverless-ca" };
        (string first, _) = sessions.Start(operators, null);
        for (int i = 0; i < Sessions.MaxSessions; i++)
        {
            sessions.Start(Caller.Reader with { Name = "token serverless-ca-request" }, null);
        }

        (string second, _) = sessions.Start(operators, null);

        Assert.True(sessions.TryUse(first, out _));
        Assert.True(sessions.TryUse(second, out _));
        Assert.Equal(Sessions.MaxSessions, sessions.Count);
    }

    [Fact]
    public async Task Neither_cookie_nor_token_is_logged()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);
        (string Name, string Value) cookie = await server.Http.SignInAsync(SomeAccess.TokenText);

        await server.Http.ApiAsync("GET", "/health", null, null, cookie);
        await server.Http.ApiAsync("POST", "/session", """{"Token":"a-secret-of-another-server"}""");
        await server.Http.ApiAsync("DELETE", "/session", null, null, cookie);
        await server.Log.WaitForAsync("request", 4);

        Assert.DoesNotContain(cookie.Value.Split('=')[1][..12], server.Log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(SomeAccess.TokenText[..12], server.Log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret-of", server.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_signs_in_and_its_session_needs_the_same_certificate()
    {
        await using RunningServer server = await StartWithTlsAsync();
        using X509Certificate2 certificate = await SomeAccess.CertificateAsync(server, "boss.example.com");
        using HttpClient browser = await SomeAccess.ClientAsync(server, certificate);
        using X509Certificate2 another = await SomeAccess.CertificateAsync(server, "boss.example.com");
        using HttpClient other = await SomeAccess.ClientAsync(server, another);

        Reply signedIn = (await browser.ApiAsync("POST", "/session", "{}", null, Page(server))).Ok();
        (string, string) cookie = ("Cookie", signedIn.Headers["set-cookie"].Split(';')[0]);

        Assert.Equal("session of certificate boss.example.com", signedIn.Json.GetProperty("Caller").GetString());
        Assert.Equal(200, (await browser.ApiAsync("GET", "/health", null, null, cookie, Page(server))).Status);
        Reply withAnother = await other.ApiAsync("GET", "/health", null, null, cookie, Page(server));
        Assert.Equal(
            ((401, "not_signed_in"), "The session works only with the client certificate that signed it in, which this connection does not show."),
            (withAnother.Refusal(), withAnother.Said()));
        Assert.Equal((401, "not_signed_in"), (await server.Http.ApiAsync("GET", "/health", null, null, cookie, Page(server))).Refusal());
    }

    [Fact]
    public async Task A_revoked_certificate_ends_its_session_at_once()
    {
        await using RunningServer server = await StartWithTlsAsync();
        using X509Certificate2 certificate = await SomeAccess.CertificateAsync(server, "boss.example.com");
        using HttpClient browser = await SomeAccess.ClientAsync(server, certificate);
        Reply signedIn = (await browser.ApiAsync("POST", "/session", "{}", null, Page(server))).Ok();
        (string, string) cookie = ("Cookie", signedIn.Headers["set-cookie"].Split(';')[0]);

        CertificateRecord row = Assert.Single(await new CertificateInventory(server.Ca.Ledger).FindByNameAsync("boss.example.com", TestContext.Current.CancellationToken));
        await new RevokeCertificate(server.Ca).RunAsync(RowId.Of(row), RevocationReason.KeyCompromise, TestContext.Current.CancellationToken);

        Reply ended = await browser.ApiAsync("GET", "/health", null, null, cookie, Page(server));
        Assert.Equal(
            ((401, "not_signed_in"), "The session has ended with the client certificate that signed it in, which does not admit any more."),
            (ended.Refusal(), ended.Said()));
    }

    [Fact]
    public async Task A_certificate_counts_for_nothing_else_in_the_calls_of_a_web_page()
    {
        await using RunningServer server = await StartWithTlsAsync();
        using X509Certificate2 certificate = await SomeAccess.CertificateAsync(server, "boss.example.com");
        using HttpClient browser = await SomeAccess.ClientAsync(server, certificate);

        Reply program = await browser.ApiAsync("GET", "/health");
        Reply page = await browser.ApiAsync("GET", "/health", null, null, Page(server));
        Reply image = await browser.ApiAsync("GET", "/health", null, null, ("Sec-Fetch-Site", "same-origin"));

        Assert.Equal((200, (401, "not_signed_in"), (401, "not_signed_in")), (program.Status, page.Refusal(), image.Refusal()));
    }

    private static (string, string) Page(RunningServer server) => ("Origin", server.Server.Url);

    private static async Task<RunningServer> StartWithTlsAsync()
    {
        RunningServer server = await RunningServer.StartAsync(ApiCalls.WithEverything);
        await server.UseTlsAsync();
        return server;
    }
}
