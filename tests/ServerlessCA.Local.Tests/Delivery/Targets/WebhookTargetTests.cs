using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Local.Delivery;
using ServerlessCA.Slack;
using ServerlessCA.Slack.Tests.Fakes;
using Xunit;

namespace ServerlessCA.Local.Tests.Delivery.Targets;

public sealed class WebhookTargetTests : IDisposable
{
    private const string Secret = "correct horse battery staple";

    private readonly TemporaryFolder folder = new();
    private readonly HttpClient http = SlackHttp.Create();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 2, 10, 20, 30, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task The_event_is_posted_as_JSON()
    {
        await using LoopbackServer server = await AnsweringAsync(204);

        DeliveryOutcome outcome = await SendAsync(server, QueuedEvents.Event("rejected-ü/1", "Certificate Request Rejected", """{"Reason":"é & <b>","n":1.0}"""));

        Assert.Equal(DeliveryOutcome.Delivered, outcome);
        ReceivedRequest request = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/hook"), (request.Method, request.Path));
        Assert.Equal("application/json; charset=utf-8", request.Headers["Content-Type"]);
        Assert.Equal("rejected-%C3%BC%2F1", request.Headers["X-Serverless-CA-Id"]);
        Assert.Equal("1772446830", request.Headers["X-Serverless-CA-Timestamp"]);
        Assert.Equal(
            """{"Id":"rejected-ü/1","Subject":"Certificate Request Rejected","Time":"2026-03-02T10:20:30.250Z","Message":{"Reason":"é & <b>","n":1.0}}""",
            Encoding.UTF8.GetString(request.Body));
    }

    [Fact]
    public async Task OpenSSL_computes_the_same_signature()
    {
        await using LoopbackServer server = await AnsweringAsync(200);
        await SendAsync(server, QueuedEvents.Issued());
        ReceivedRequest request = Assert.Single(server.Requests);
        byte[] signed = [.. Encoding.ASCII.GetBytes(request.Headers["X-Serverless-CA-Timestamp"] + "."), .. request.Body];
        await File.WriteAllBytesAsync(folder.At("signed"), signed, Cancellation);

        string line = await ForeignProgram.OutputAsync("openssl", "dgst", "-sha256", "-hmac", Secret, folder.At("signed"));

        Assert.Equal($"v1={line.Trim().Split(' ')[^1]}", request.Headers["X-Serverless-CA-Signature"]);
    }

    [Fact]
    public async Task A_later_attempt_is_signed_for_its_own_time()
    {
        await using LoopbackServer server = await AnsweringAsync(500);
        await SendAsync(server, QueuedEvents.Issued());
        clock.Advance(TimeSpan.FromDays(1));
        await SendAsync(server, QueuedEvents.Issued());

        Assert.Equal(["1772446830", "1772533230"], server.Requests.Select(request => request.Headers["X-Serverless-CA-Timestamp"]));
        Assert.Equal(2, server.Requests.Select(request => request.Headers["X-Serverless-CA-Signature"]).Distinct().Count());
        Assert.Single(server.Requests.Select(request => request.Headers["X-Serverless-CA-Id"]).Distinct());
    }

    [Theory]
    [InlineData(200, DeliveryResult.Delivered)]
    [InlineData(202, DeliveryResult.Delivered)]
    [InlineData(299, DeliveryResult.Delivered)]
    [InlineData(400, DeliveryResult.Refused)]
    [InlineData(413, DeliveryResult.Refused)]
    [InlineData(422, DeliveryResult.Refused)]
    [InlineData(302, DeliveryResult.Unavailable)]
    [InlineData(401, DeliveryResult.Unavailable)]
    [InlineData(404, DeliveryResult.Unavailable)]
    [InlineData(429, DeliveryResult.Unavailable)]
    [InlineData(500, DeliveryResult.Unavailable)]
    public async Task The_status_decides(int status, DeliveryResult result)
    {
        await using LoopbackServer server = await AnsweringAsync(status);

        DeliveryOutcome outcome = await SendAsync(server, QueuedEvents.Issued());

        Assert.Equal(result, outcome.Result);
        Assert.Equal(result == DeliveryResult.Delivered ? "" : $"127.0.0.1 answered HTTP {status}", outcome.Reason);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_server_that_hangs_is_given_ten_seconds()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync((_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        Task<DeliveryOutcome> sending = SendAsync(server, QueuedEvents.Issued());
        while (server.Requests.Count == 0)
        {
            await Task.Delay(5, Cancellation);
        }

        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(DeliveryOutcome.Unavailable("127.0.0.1 did not answer within 10 s"), await sending);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    public async Task A_server_that_speaks_something_else_is_unavailable(string bytes)
    {
        await using RawServer server = RawServer.Start(bytes);

        DeliveryOutcome outcome = await SendAsync(new Uri($"http://127.0.0.1:{server.Port}/hook"), QueuedEvents.Issued());

        Assert.Equal(DeliveryResult.Unavailable, outcome.Result);
    }

    [Fact]
    public async Task An_endless_answer_is_not_read()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(async (_, context) =>
        {
            while (true)
            {
                await context.Response.WriteAsync(new string('x', 10_000), context.RequestAborted);
            }
        });

        Assert.Equal(DeliveryOutcome.Delivered, await SendAsync(server, QueuedEvents.Issued()));
    }

    [Fact]
    public async Task Without_the_secret_nothing_is_sent()
    {
        await using LoopbackServer server = await AnsweringAsync(200);
        string json = string.Create(CultureInfo.InvariantCulture, $$"""[{"type":"webhook","url":"{{server.Address}}hook","secret_file":"none"}]""");

        DeliveryOutcome outcome = await TestTargets.Create(json, http, clock, folder.Path)[0].SendAsync(QueuedEvents.Issued(), Cancellation);

        Assert.Equal(DeliveryResult.Unavailable, outcome.Result);
        Assert.Contains(folder.At("none"), outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    private static Task<LoopbackServer> AnsweringAsync(int status) => LoopbackServer.StartAsync((_, context) =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = status == 302 ? "/elsewhere" : default;
        return Task.CompletedTask;
    });

    private Task<DeliveryOutcome> SendAsync(LoopbackServer server, QueuedEvent queued) => SendAsync(new Uri(server.Address, "hook"), queued);

    private async Task<DeliveryOutcome> SendAsync(Uri url, QueuedEvent queued)
    {
        using var secret = new Variable(Secret);
        return await TestTargets.Create($$"""[{"type":"webhook","url":"{{url}}","secret_env":"{{secret.Name}}"}]""", http, clock)[0]
            .SendAsync(queued, Cancellation);
    }
}
