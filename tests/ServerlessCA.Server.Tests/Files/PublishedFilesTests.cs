using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Server.Files;

namespace ServerlessCA.Server.Tests.Files;

/// <summary>Checks that the server serves the published files, and nothing else.</summary>
public sealed class PublishedFilesTests
{
    private const string Crl = "serverless-issuing-ca-dev.crl";

    // In the past: a caller whose copy is of the future has its header ignored (RFC 9110 §13.1.3).
    private static readonly DateTimeOffset Now = new(2025, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("serverless-root-ca-dev.crt", "application/pkix-cert")]
    [InlineData("serverless-root-ca-dev.cer", "application/pkix-cert")]
    [InlineData("serverless-root-ca-dev.crl", "application/pkix-crl")]
    [InlineData("serverless-root-ca-dev.crl.pem", "application/x-pem-file")]
    [InlineData("serverless-issuing-ca-dev.crt", "application/pkix-cert")]
    [InlineData("serverless-issuing-ca-dev.cer", "application/pkix-cert")]
    [InlineData("serverless-issuing-ca-dev.crl", "application/pkix-crl")]
    [InlineData("serverless-issuing-ca-dev.crl.pem", "application/x-pem-file")]
    [InlineData("serverless-ca-bundle-dev.pem", "application/x-pem-file")]
    public async Task Every_published_file_is_served_as_it_is(string name, string type)
    {
        await using RunningServer server = await RunningServer.StartAsync(clock: new FakeTimeProvider(Now));

        Reply got = (await server.Http.ReplyAsync($"/{name}")).Ok();
        Reply index = (await server.Http.ReplyAsync("/")).Ok();

        Assert.Equal(await File.ReadAllBytesAsync(server.Folder.At("ca", "external", name), TestContext.Current.CancellationToken), got.Body);
        Assert.Equal((type, "nosniff"), (got.Headers["content-type"], got.Headers["x-content-type-options"]));
        Assert.Equal(Now.AddMinutes(-5).ToString("R", CultureInfo.InvariantCulture), got.Headers["last-modified"]); // the date in the CRL
        Assert.Contains($"<a href=\"{name}\">{name}</a>", index.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_the_caller_has_is_not_sent_again()
    {
        await using RunningServer server = await RunningServer.StartAsync(clock: new FakeTimeProvider(Now));
        Reply first = (await server.Http.ReplyAsync($"/{Crl}")).Ok();

        Reply byTag = await ConditionalAsync(server, "If-None-Match", first.Headers["etag"]);
        Reply byTime = await ConditionalAsync(server, "If-Modified-Since", first.Headers["last-modified"]);
        await PublishAsync(server);
        Reply changed = await ConditionalAsync(server, "If-None-Match", first.Headers["etag"]);

        Assert.Equal((304, 304, 200), (byTag.Status, byTime.Status, changed.Status));
        Assert.Empty(byTag.Body);
        Assert.NotEqual(first.Headers["etag"], changed.Headers["etag"]);
    }

    [Fact]
    public async Task HEAD_answers_the_same_without_the_content()
    {
        await using RunningServer server = await RunningServer.StartAsync(clock: new FakeTimeProvider(Now));
        Reply got = (await server.Http.ReplyAsync($"/{Crl}")).Ok();

        using var request = new HttpRequestMessage(HttpMethod.Head, $"/{Crl}");
        Reply head = (await server.Http.ReplyAsync(request)).Ok();

        Assert.Empty(head.Body);
        foreach (string header in (string[])["etag", "content-type", "content-length", "last-modified", "cache-control"])
        {
            Assert.Equal(got.Headers[header], head.Headers[header]);
        }
    }

    [Fact]
    public async Task A_CRL_is_cached_a_minute_at_most_and_never_beyond_its_end()
    {
        var clock = new FakeTimeProvider(Now);
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { RunEvery = TimeSpan.FromDays(7) }, clock);
        Assert.True(CertificateRevocationList.TryDecode((await server.Http.ReplyAsync($"/{Crl}")).Body, out CertificateRevocationList? crl));

        string fresh = (await server.Http.ReplyAsync($"/{Crl}")).Headers["cache-control"];
        string certificate = (await server.Http.ReplyAsync("/serverless-root-ca-dev.crt")).Headers["cache-control"];
        await server.StopAsync(); // from here on there is no daily work
        await using var later = await LateAsync(server, crl!.NextUpdate.AddSeconds(-40));
        await using var tooLate = await LateAsync(server, crl.NextUpdate.AddSeconds(1));

        Assert.Equal(("public, max-age=60", "public, max-age=3600"), (fresh, certificate));
        Assert.Equal("public, max-age=40", (await later.Http.ReplyAsync($"/{Crl}")).Headers["cache-control"]);
        Assert.Equal("no-cache", (await tooLate.Http.ReplyAsync($"/{Crl}")).Headers["cache-control"]);
    }

    [Theory]
    [InlineData("/settings.json")]
    [InlineData("/ca.db")]
    [InlineData("/../settings.json")]
    [InlineData("/%2e%2e/settings.json")]
    [InlineData("/..%2fsettings.json")]
    [InlineData("/..%5csettings.json")]
    [InlineData("/%2e%2e%2fkeys%2fserverless-root-ca-dev.key.pem")]
    [InlineData("//etc/passwd")]
    [InlineData("/%2fetc%2fpasswd")]
    [InlineData("/serverless-root-ca-dev.crl%00.pem")]
    [InlineData("/serverless-root-ca-dev.crl/")]
    [InlineData("/SERVERLESS-ROOT-CA-DEV.crl")]
    [InlineData("/external/serverless-root-ca-dev.crl")]
    [InlineData("/keys/serverless-root-ca-dev.key.pem")]
    [InlineData("/internal/tls.json")]
    [InlineData("/outbox/")]
    [InlineData("/.lock")]
    public async Task Nothing_else_of_the_data_folder_can_be_reached(string path)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        server.Folder.Write("ca/external/stray.txt", "not published");

        string answer = await RawAsync(server, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        string status = answer.Split("\r\n")[0];
        Assert.True(status is "HTTP/1.1 404 Not Found" or "HTTP/1.1 400 Bad Request" || IsListed(path, answer), answer);
        Assert.DoesNotContain("PRIVATE", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_beside_the_published_ones_is_not_served()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        server.Folder.Write("ca/external/stray.txt", "not published");

        Assert.Equal(404, (await server.Http.ReplyAsync("/stray.txt")).Status);
    }

    // A slash after the name means the same file.
    private static bool IsListed(string path, string answer) =>
        path.EndsWith(".crl/", StringComparison.Ordinal) && answer.Contains("Content-Type: application/pkix-crl", StringComparison.Ordinal);

    private static async Task<string> RawAsync(RunningServer server, string request)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port, cancellation);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), cancellation);
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        return await reader.ReadToEndAsync(cancellation);
    }

    private static Task<Reply> ConditionalAsync(RunningServer server, string header, string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/{Crl}");
        request.Headers.TryAddWithoutValidation(header, value);
        return server.Http.ReplyAsync(request);
    }

    private static async Task PublishAsync(RunningServer server) => (await server.Http.InvokeAsync("serverless-issuing-ca-crl-dev")).Ok();

    // Serves the same files at another time, without publishing.
    private static async Task<FileServer> LateAsync(RunningServer server, DateTimeOffset at) => await FileServer.StartAsync(server, at);
}

/// <summary>Serves the published files of a stopped server at another time, so that nothing renews them.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private FileServer(WebApplication app)
    {
        this.app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public static async Task<FileServer> StartAsync(RunningServer server, DateTimeOffset at)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        WebApplication app = builder.Build();
        var endpoint = new PublishedEndpoint(new PublishedReader(server.Ca.PublishedFiles), server.Ca.Settings.Names, new FakeTimeProvider(at));
        app.Run(context => endpoint.ServeAsync(context, context.Request.Path.Value!.TrimStart('/')));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new FileServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }
}
