using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Core;
using ServerlessCA.Core.Ports;
using ServerlessCA.Slack.Tests.Fakes;
#pragma warning disable IDE0005 // one of the projects that compile this file has it everywhere
using Xunit;
#pragma warning restore IDE0005

namespace ServerlessCA.Contracts.Downloads;

/// <summary>Tests what every <see cref="IPublicDownload"/> does, with servers of every kind.</summary>
public abstract class PublicDownloadContract
{
    protected const int Max = 1000;

    /// <summary>Gets the download under test, without a proxy, whatever the environment has.</summary>
    protected abstract IPublicDownload Download { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_comes_with_its_type_and_the_request_names_nobody()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(async (_, context) =>
        {
            context.Response.ContentType = "application/pkix-crl; charset=x";
            context.Response.Headers.SetCookie = "a=b";
            await context.Response.WriteAsync("the file", Cancellation);
        });

        DownloadOutcome first = await DownloadAsync(server.Address);
        DownloadOutcome second = await DownloadAsync(server.Address);

        DownloadOutcome.Response answer = Assert.IsType<DownloadOutcome.Response>(first);
        Assert.Equal((200, "application/pkix-crl", null, "the file"), (answer.Status, answer.MediaType, answer.Location, Encoding.ASCII.GetString(answer.Content.Span)));
        Assert.Equal(200, Assert.IsType<DownloadOutcome.Response>(second).Status);
        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, request =>
        {
            Assert.Equal(("GET", "/a.crl"), (request.Method, request.Path));
            Assert.Equal(["Host", "User-Agent"], request.Headers.Keys.Order());
            Assert.Equal(Product.UserAgent, request.Headers["User-Agent"]);
        });
    }

    [Theory]
    [InlineData(302)]
    [InlineData(308)]
    public async Task A_redirect_is_reported_and_not_followed(int status)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync((request, context) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = request.Path; // an endless loop
            return Task.CompletedTask;
        });

        DownloadOutcome.Response answer = Assert.IsType<DownloadOutcome.Response>(await DownloadAsync(server.Address));

        Assert.Equal((status, "/a.crl"), (answer.Status, answer.Location));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task What_is_said_with_a_refusal_is_not_read()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(async (_, context) =>
        {
            context.Response.StatusCode = 403;
            context.Response.ContentLength = 10_000_000;
            await context.Response.Body.FlushAsync(Cancellation);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        DownloadOutcome.Response answer = Assert.IsType<DownloadOutcome.Response>(await DownloadAsync(server.Address));

        Assert.Equal((403, 0), (answer.Status, answer.Content.Length));
    }

    [Theory]
    [InlineData(Max, true)]
    [InlineData(Max + 1, false)]
    public async Task An_answer_may_be_as_long_as_was_said(int length, bool isRead)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(
            (_, context) => context.Response.Body.WriteAsync(new byte[length], Cancellation).AsTask());

        DownloadOutcome outcome = await DownloadAsync(server.Address);

        Assert.Equal(isRead ? length : -1, outcome is DownloadOutcome.Response answer ? answer.Content.Length : -1);
        Assert.Equal(isRead ? null : "the answer has more than 1000 bytes", (outcome as DownloadOutcome.Failure)?.Why);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(async (_, context) =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[10_000], context.RequestAborted);
            }
        });

        Assert.Equal("the answer has more than 1000 bytes", Assert.IsType<DownloadOutcome.Failure>(await DownloadAsync(server.Address)).Why);
    }

    [Fact]
    public async Task A_caller_that_stops_waiting_gets_no_outcome()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync((_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        Task<DownloadOutcome> fetching = Download.DownloadAsync(new Uri(server.Address, "a.crl"), Max, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
    }

    [Theory]
    [InlineData("this is no HTTP\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nless")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("")]
    public async Task An_answer_that_is_not_HTTP_or_breaks_off_is_a_failure(string text)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeAsync(listener, text);

        DownloadOutcome outcome = await DownloadAsync(AddressOf(listener));

        Assert.NotEmpty(Assert.IsType<DownloadOutcome.Failure>(outcome).Why);
        await serving;
    }

    [Fact]
    public async Task Nobody_listening_is_a_failure()
    {
        Uri address;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            address = AddressOf(listener);
        }

        Assert.Contains("refused", Assert.IsType<DownloadOutcome.Failure>(await DownloadAsync(address)).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/a.crl")]
    [InlineData("ldap://127.0.0.1/cn=a")]
    public async Task Nothing_but_HTTP_is_downloaded(string address) =>
        Assert.Equal("only addresses of HTTP are fetched", Assert.IsType<DownloadOutcome.Failure>(await Download.DownloadAsync(new Uri(address), Max, Cancellation)).Why);

    private static Uri AddressOf(TcpListener listener) =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"));

    private static async Task ServeAsync(TcpListener listener, string text)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Cancellation);
        listener.Stop(); // a client without an answer retries: that is refused
        await using NetworkStream stream = client.GetStream();
        await stream.ReadAtLeastAsync(new byte[4096], 1, cancellationToken: Cancellation);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), Cancellation);
    }

    protected Task<DownloadOutcome> DownloadAsync(Uri server) => Download.DownloadAsync(new Uri(server, "a.crl"), Max, Cancellation);
}
