using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server.Tests.Api;

/// <summary>Checks that neither foreign web pages nor foreign names reach the API and the page: cross-site requests, DNS
/// rebinding.</summary>
public sealed class OriginTests
{
    [Theory]
    [InlineData("Origin", "https://example.com")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_foreign_page_gets_nothing_even_with_a_session(string header, string value)
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens with { PageRequests = true });
        (string, string) cookie = await server.Http.SignInAsync(SomeAccess.TokenText);

        foreach ((string method, string path, string? body) in ((string, string, string?)[])
            [("GET", "/health", null), ("GET", "/openapi.json", null), ("GET", "/session", null), ("DELETE", "/session", null), ("POST", "/run", "{}"),
            ("POST", "/session", $$"""{"Token":"{{SomeAccess.TokenText}}"}"""), ("POST", "/revocations", """{"CommonName":"a"}"""), ("POST", "/certificates", "{}")])
        {
            Reply reply = await server.Http.ApiAsync(method, path, body, null, cookie, (header, value));
            Assert.Equal((403, "foreign_origin"), reply.Refusal());
            Assert.DoesNotContain(reply.Headers.Keys, name => name.StartsWith("access-control", StringComparison.Ordinal) || name == "set-cookie");
        }
    }

    [Fact]
    public async Task An_open_server_reads_to_its_own_page_alone()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Assert.Equal(200, (await server.Http.ApiAsync("GET", "/health", null, null, ("Origin", server.Server.Url), ("Sec-Fetch-Site", "same-origin"))).Status);
        Assert.Equal(200, (await server.Http.ApiAsync("GET", "/health", null, null, ("Sec-Fetch-Site", "none"))).Status);
        Assert.Equal((403, "foreign_origin"), (await server.Http.ApiAsync("GET", "/health", null, null, ("Origin", "http://localhost:1"))).Refusal());
    }

    [Theory]
    [InlineData("attacker.example.com")]
    [InlineData("localhost.attacker.example.com")]
    [InlineData("192.0.2.1")]
    [InlineData("127.0.0.1.nip.io:8443")]
    [InlineData("[2001:db8::1]")]
    [InlineData("localhost.")]
    public async Task A_foreign_name_reaches_neither_the_API_nor_the_page(string host)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        foreach (string path in (string[])["/api/v1/health", "/api/v1/openapi.json", "/", "/page/main.js"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = host;
            Reply reply = await server.Http.ReplyAsync(request);
            Assert.Equal((421, "foreign_host"), reply.Refusal());
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:8443")]
    [InlineData("ca.localhost:8443")]
    [InlineData("[::1]:8443")]
    [InlineData("127.0.0.1")]
    public async Task All_names_of_this_machine_do_over_loopback(string host)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Assert.Equal(200, (await server.Http.ApiAsync("GET", "/health", null, null, ("Host", host))).Status);
    }

    [Fact]
    public async Task The_names_of_the_certificate_are_own_ones_and_no_others()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens with { Tls = new TlsSource.OwnCertificate(["127.0.0.1", "ca.example.com", "*.ca.example.com"]) });
        var handler = new SocketsHttpHandler { UseProxy = false };
#pragma warning disable CA5359 // the client names hosts that the certificate does not have, as a browser of a rebound name would
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        using var http = new HttpClient(handler) { BaseAddress = new Uri(server.Server.Url) };

        foreach ((string host, int status) in ((string, int)[])
            [("ca.example.com", 200), ("CA.example.com:444", 200), ("a.ca.example.com", 200), ("a.b.ca.example.com", 421), ("example.com", 421), ("ca.example.com.evil.test", 421)])
        {
            Assert.Equal((host, status), (host, (await http.ApiAsync("GET", "/session", null, null, ("Host", host))).Status));
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task The_body_of_a_form_is_not_taken_for_JSON(string type)
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens);
        (string, string) cookie = await server.Http.SignInAsync(SomeAccess.TokenText);

        Reply revoke = await server.Http.ApiAsync("POST", "/revocations", """{"CommonName":"a","x":"="}""", null, cookie, ("Content-Type", type));
        Reply signIn = await server.Http.ApiAsync("POST", "/session", $$"""{"Token":"{{SomeAccess.TokenText}}"}""", null, ("Content-Type", type));

        Assert.Equal(((415, "bad_body"), (415, "bad_body")), (revoke.Refusal(), signIn.Refusal()));
    }
}
