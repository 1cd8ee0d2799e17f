using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ServerlessCA.Server.Tests.Hostile;

/// <summary>Sends hostile and broken requests: the answer is always clean, and the server goes on.</summary>
public sealed class HostileTests
{
    private const int Limit = 6 * 1024 * 1024;

    [Fact]
    public async Task A_body_that_says_it_is_too_large_is_refused_before_it_comes()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        string answer = await server.SendRawAsync($"POST {Calls.PathOf(Calls.TlsCert)} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {Limit + 1}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("RequestTooLargeException", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_grows_too_large_is_refused()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Calls.PathOf(Calls.TlsCert));
        request.Headers.TransferEncodingChunked = true;
        request.Content = new StreamContent(new MemoryStream(new byte[Limit + 1]));

        Reply reply = await server.Http.ReplyAsync(request);

        Assert.Equal((413, "RequestTooLargeException"), (reply.Status, reply.Fault));
    }

    [Fact]
    public async Task The_largest_body_is_answered()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string body = $"\"{new string('a', Limit - 2)}\"";

        Reply reply = (await server.Http.InvokeAsync(Calls.TlsCert, body)).Ok();
        Reply tooLargeForEvents = await server.Http.InvokeAsync(Calls.TlsCert, body, headers: ("X-Amz-Invocation-Type", "Event"));

        Assert.Contains("at most 1048576 are accepted", reply.Text, StringComparison.Ordinal);
        Assert.Equal((413, "RequestTooLargeException"), (tooLargeForEvents.Status, tooLargeForEvents.Fault));
    }

    [Fact]
    public async Task A_caller_that_never_ends_its_headers_is_dropped()
    {
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { HeadersTimeout = TimeSpan.FromSeconds(1) });

        string answer = await server.SendRawAsync($"POST {Calls.PathOf(Calls.TlsCert)} HTTP/1.1\r\nHost: localh");

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_never_ends_its_body_gets_a_timeout()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        string answer = await server.SendRawAsync(
            $"POST {Calls.PathOf(Calls.TlsCert)} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{{");

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("RequestTimeoutException", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\0\u0001\u0002\u0003")]
    [InlineData("GET\r\n\r\n")]
    [InlineData("GET / HTTP/9.9\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("POST /2015-03-31/functions/x/invocations HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /2015-03-31/functions/x/invocations HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")]
    public async Task What_is_no_HTTP_is_refused(string bytes)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        string answer = await server.SendRawAsync(bytes);

        Assert.Matches(@"\AHTTP/1\.1 (4\d\d|505) ", answer);
        (await server.Http.ReplyAsync("/health")).Ok();
    }

    // Two readers that take the end of a body differently take what follows it for another request.
    [Theory]
    [InlineData("Content-Length: 2\r\nContent-Length: 44")]
    [InlineData("Content-Length: 2, 44")]
    [InlineData("Content-Length: 0x2")]
    [InlineData("Content-Length : 2")]
    [InlineData("Content-Length: 2\r\n folded: 44")]
    [InlineData("Transfer-Encoding: chunked, identity")]
    [InlineData("Transfer-Encoding: xchunked")]
    [InlineData("Transfer-Encoding:\u000bchunked")]
    public async Task A_body_whose_length_is_ambiguous_is_refused_and_nothing_behind_it_is_a_request(string headers)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        string answer = await server.SendRawAsync($"POST {Calls.PathOf(Calls.Expiry)} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n{{}}GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Equal(0, answer.LastIndexOf("HTTP/1.1 ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("xyz\r\n")]
    [InlineData("-1\r\n{}\r\n")]
    [InlineData("2\r\n{}...\r\n0\r\n\r\n")]
    [InlineData("5\r\n{}\r\n0\r\n\r\n")]
    [InlineData("80000000\r\n{}")]
    [InlineData("ffffffffffffffff\r\n{}")]
    [InlineData("2\r\n{}\r\n0\r\nno trailer\r\n\r\n")]
    public async Task A_body_in_broken_chunks_is_the_callers_fault(string chunks)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        string answer = await server.SendRawAsync($"POST {Calls.PathOf(Calls.TlsCert)} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("BadRequestException", answer, StringComparison.Ordinal);
        Assert.Empty(server.Log.Lines("unexpected"));
    }

    [Theory]
    [InlineData("GET", "/2015-03-31/functions//invocations")]
    [InlineData("POST", "/2015-03-31/functions/a/b/invocations")]
    [InlineData("GET", "/2014-11-13/functions/")]
    [InlineData("GET", "/2015-03-31/functions/serverless-expiry-dev/%ff%fe")]
    [InlineData("GET", "/?a=%00&b=%ff")]
    [InlineData("GET", "/2015-03-31/functions?MaxItems=%00")]
    [InlineData("DELETE", "/2015-03-31/functions/serverless-expiry-dev")]
    [InlineData("PUT", "/serverless-root-ca-dev.crl")]
    [InlineData("OPTIONS", "/")]
    [InlineData("TRACE", "/")]
    public async Task Odd_paths_and_methods_have_an_answer_of_our_form(string method, string path)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        string answer = await server.SendRawAsync($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

        Assert.Matches(@"\AHTTP/1\.1 (200|400|404|405) ", answer);
        Assert.Contains("x-amzn-RequestId: ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_without_end_are_refused()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        string answer = await server.SendRawAsync($"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: {new string('a', 100_000)}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 431 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_leaves_harms_nobody()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        for (int i = 0; i < 20; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, server.Port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(
                Encoding.ASCII.GetBytes($"POST {Calls.PathOf(Calls.TlsCert)} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{{"),
                TestContext.Current.CancellationToken);
        }

        (await server.Http.InvokeAsync(Calls.TlsCert, Calls.Request("after.example.com"))).Ok();
        await server.StopAsync();
        Assert.Empty(server.Log.Lines("unexpected"));
    }

    [Fact]
    public async Task Lines_of_the_log_cannot_be_forged()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        await server.SendRawAsync("GET /%0a%7b%22event%22%3a%22forged%22%7d HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        await server.Log.WaitForAsync("request");

        Assert.Empty(server.Log.Lines("forged"));
    }
}
