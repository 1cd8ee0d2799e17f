using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Server.Access;

namespace ServerlessCA.Server.Tests.Access;

/// <summary>Checks who may call: callers with tokens, and what a server without a token answers.</summary>
public sealed class AccessTests
{
    private static readonly ServerOptions WithToken = new() { Access = AccessPolicy.Open.WithToken(SomeAccess.Token) };

    [Fact]
    public async Task The_token_admits_and_nothing_near_it()
    {
        await using RunningServer server = await RunningServer.StartAsync(WithToken);

        (await server.Http.InvokeAsync(Calls.Expiry, "{}", SomeAccess.TokenText)).Ok();

        foreach (string wrong in (string[])["x", SomeAccess.TokenText[..^1], SomeAccess.TokenText + "=", SomeAccess.TokenText.ToUpperInvariant()])
        {
            Reply reply = await server.Http.InvokeAsync(Calls.Expiry, "{}", wrong);
            Assert.Equal((401, "MissingAuthenticationTokenException", "Bearer"), (reply.Status, reply.Fault, reply.Headers["www-authenticate"]));
        }
    }

    [Fact]
    public async Task Without_credentials_the_answer_says_what_is_missing()
    {
        await using RunningServer server = await RunningServer.StartAsync(WithToken);

        Reply call = await server.Http.InvokeAsync(Calls.Expiry, "{}");
        Reply list = await server.Http.ReplyAsync(Calls.Functions);

        Assert.Equal((401, 401), (call.Status, list.Status));
        Assert.Equal("Credentials are missing: send 'Authorization: Bearer TOKEN', or sign with access key id 'serverless-ca' and the token as secret key.", call.Message);
        Assert.Equal(2, (await server.Log.WaitForAsync("not-admitted", 2)).Length);
    }

    [Theory]
    [InlineData("Basic c2VydmVybGVzcy1jYTp0b2tlbg==")]
    [InlineData("Bearer")]
    [InlineData("AWS4-HMAC-SHA256 Credential=serverless-ca")]
    [InlineData("AWS4-HMAC-SHA256 Credential=serverless-ca/20300102/eu-west-2/lambda/aws4_request, SignedHeaders=host, Signature=")]
    public async Task Other_headers_are_not_understood(string header)
    {
        await using RunningServer server = await RunningServer.StartAsync(WithToken);

        Reply reply = await server.Http.InvokeAsync(Calls.Expiry, "{}", headers: ("Authorization", header));

        Assert.Equal(401, reply.Status);
        Assert.StartsWith("The header Authorization is not understood", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_never_has_the_token_or_what_was_sent_for_it()
    {
        await using RunningServer server = await RunningServer.StartAsync(WithToken);

        (await server.Http.InvokeAsync(Calls.Expiry, "{}", SomeAccess.TokenText)).Ok();
        await server.Http.InvokeAsync(Calls.Expiry, "{}", "a-secret-of-another-server");
        await server.Http.ReplyAsync($"{Calls.Functions}/?token={SomeAccess.TokenText}");
        await server.Log.WaitForAsync("request", 3);

        Assert.DoesNotContain(SomeAccess.TokenText[..12], server.Log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret-of", server.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strangers_learn_how_the_CA_is_but_not_why()
    {
        await using RunningServer server = await RunningServer.StartAsync(WithToken);

        Reply stranger = (await server.Http.ReplyAsync("/health")).Ok();
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/health");
        asked.Headers.Authorization = new("Bearer", SomeAccess.TokenText);
        Reply known = (await server.Http.ReplyAsync(asked)).Ok();

        Assert.Equal("""{"Status":"Good"}""", stranger.Text);
        Assert.NotEmpty(known.Json.GetProperty("Findings").EnumerateArray());
    }

    [Fact]
    public async Task Callers_and_the_first_line_of_the_log_learn_the_version_and_strangers_do_not()
    {
        await using RunningServer server = await RunningServer.StartAsync(WithToken);
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/health");
        asked.Headers.Authorization = new("Bearer", SomeAccess.TokenText);

        Reply known = (await server.Http.ReplyAsync(asked)).Ok();
        Reply stranger = (await server.Http.ReplyAsync("/health")).Ok();

        Assert.Equal(ServerlessCA.Core.Product.Version, known.Json.GetProperty("Version").GetString());
        Assert.False(stranger.Json.TryGetProperty("Version", out _));
        Assert.Equal(ServerlessCA.Core.Product.Version, Assert.Single(server.Log.Lines("listening")).GetProperty("version").GetString());
    }

    [Fact]
    public async Task A_web_page_cannot_call_an_open_server()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Reply crossSite = await server.Http.InvokeAsync(Calls.Expiry, "{}", headers: ("Origin", "https://example.com"));
        Reply rebound = await server.Http.InvokeAsync(Calls.Expiry, "{}", headers: ("Host", "attacker.example.com"));

        Assert.Equal((403, "AccessDeniedException"), (crossSite.Status, crossSite.Fault));
        Assert.Equal((403, "AccessDeniedException"), (rebound.Status, rebound.Fault));
    }

    [Fact]
    public async Task A_web_page_cannot_call_with_the_certificate_that_a_browser_shows_unasked()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithEverything);
        using X509Certificate2 boss = await SomeAccess.CertificateAsync(server, "boss.example.com");
        using HttpClient browser = await SomeAccess.ClientAsync(server, boss);

        (await browser.InvokeAsync(Calls.Expiry, "{}")).Ok();
        Reply crossSite = await browser.InvokeAsync(Calls.Expiry, "{}", headers: ("Origin", "https://example.com"));
        Reply ofOwnPage = await browser.InvokeAsync(Calls.Expiry, "{}", headers: ("Origin", server.Server.Url));
        Reply withToken = await browser.InvokeAsync(Calls.Expiry, "{}", SomeAccess.TokenText, ("Origin", "null"));
        Reply withoutOrigin = await browser.InvokeAsync(Calls.Expiry, "{}", headers: ("Sec-Fetch-Site", "cross-site"));

        Assert.All([crossSite, ofOwnPage, withToken], reply => Assert.Equal((403, "AccessDeniedException"), (reply.Status, reply.Fault)));
        Assert.Equal((401, "MissingAuthenticationTokenException"), (withoutOrigin.Status, withoutOrigin.Fault));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("ca.localhost:8443")]
    [InlineData("[::1]:8443")]
    public async Task An_open_server_answers_to_all_names_of_this_machine(string host)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        (await server.Http.InvokeAsync(Calls.Expiry, "{}", headers: ("Host", host))).Ok();
    }

    [Theory]
    [InlineData("short")]
    [InlineData("twenty characters and blanks")]
    [InlineData("")]
    public void A_weak_token_is_refused_without_being_repeated(string text)
    {
        Assert.False(AccessToken.TryParse(text, out _, out string? why));
        Assert.True(text.Length == 0 || !why!.Contains(text, StringComparison.Ordinal));
    }
}
