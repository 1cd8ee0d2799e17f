using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Slack.Tests.Fakes;
using Xunit;

namespace ServerlessCA.Slack.Tests;

public sealed class SlackClientTests
{
    private const string Post = """{"channel":"c","text":"t","blocks":[{"type":"divider"}]}""";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(7);

    private readonly HastyClock clock = new(Timeout);

    [Fact]
    public async Task A_message_is_posted()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();

        SlackOutcome outcome = await PostAsync(slack.BaseAddress);

        Assert.Equal(new SlackOutcome(SlackResult.Posted, ""), outcome);
        Assert.Single(slack.PostsIn("c"));
        Assert.Empty(clock.Pauses);
    }

    [Fact]
    public async Task The_base_address_may_end_without_a_slash()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();

        SlackOutcome outcome = await PostAsync(new Uri(slack.BaseAddress.AbsoluteUri.TrimEnd('/')));

        Assert.Equal(SlackResult.Posted, outcome.Result);
    }

    [Fact]
    public void Slack_is_the_default() => Assert.Equal("https://slack.com/api/", SlackClient.DefaultBaseAddress.AbsoluteUri);

    [Fact]
    public async Task A_rate_limit_is_waited_for_as_long_as_Slack_asks()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("c", FakeSlack.RateLimited("3"), FakeSlack.RateLimited("5"));

        SlackOutcome outcome = await PostAsync(slack.BaseAddress);

        Assert.Equal(SlackResult.Posted, outcome.Result);
        Assert.Equal([TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5)], clock.Pauses);
    }

    [Fact]
    public async Task A_rate_limit_until_a_time_of_day_is_waited_for()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("c", FakeSlack.RateLimited(clock.GetUtcNow().AddSeconds(12).ToString("R")));

        SlackOutcome outcome = await PostAsync(slack.BaseAddress);

        Assert.Equal(SlackResult.Posted, outcome.Result);
        Assert.Equal([TimeSpan.FromSeconds(12)], clock.Pauses);
    }

    [Theory]
    [InlineData("31", "Slack limits the rate of posts; it asks to wait 31 s")]
    [InlineData("2147483647", "Slack limits the rate of posts; it asks to wait 2147483647 s")]
    public async Task A_longer_wait_than_the_retry_policy_allows_ends_the_attempts(string retryAfter, string reason)
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("c", FakeSlack.RateLimited(retryAfter));

        SlackOutcome outcome = await PostAsync(slack.BaseAddress);

        Assert.Equal(new SlackOutcome(SlackResult.Unavailable, reason), outcome);
        Assert.Single(slack.Calls);
        Assert.Empty(clock.Pauses);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("soon")]
    [InlineData("-5")]
    public async Task A_rate_limit_without_a_time_is_backed_off_from(string? retryAfter)
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("c", FakeSlack.RateLimited(retryAfter), FakeSlack.RateLimited(retryAfter));

        SlackOutcome outcome = await PostAsync(slack.BaseAddress);

        Assert.Equal(SlackResult.Posted, outcome.Result);
        Assert.Equal([TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1)], clock.Pauses);
    }

    [Theory]
    [InlineData(StatusCodes.Status500InternalServerError)]
    [InlineData(StatusCodes.Status503ServiceUnavailable)]
    public async Task A_server_error_is_retried_with_growing_pauses_and_then_reported(int status)
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("c", Enumerable.Repeat(FakeSlack.Text("<html>", status), 9));

        SlackOutcome outcome = await PostAsync(slack.BaseAddress);

        Assert.Equal(new SlackOutcome(SlackResult.Unavailable, $"127.0.0.1 answered HTTP {status}"), outcome);
        Assert.Equal(4, slack.Calls.Count);
        Assert.Equal([TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], clock.Pauses);
    }

    [Fact]
    public async Task A_server_error_code_is_retried_too()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("c", FakeSlack.Error("internal_error"));

        Assert.Equal(SlackResult.Posted, (await PostAsync(slack.BaseAddress)).Result);
        Assert.Equal(2, slack.Calls.Count);
    }

    [Fact]
    public async Task A_server_that_hangs_is_cut_off_and_tried_again()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("c", FakeSlack.Hang);

        SlackOutcome outcome = await PostAsync(slack.BaseAddress, TimeSpan.FromSeconds(2));

        Assert.Equal(SlackResult.Posted, outcome.Result);
        Assert.Equal(2, slack.Calls.Count);
    }

    [Fact]
    public async Task An_answer_that_never_ends_is_cut_off()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("c", Enumerable.Repeat<Func<HttpContext, Task>>(DripAsync, 9));

        SlackOutcome outcome = await PostAsync(slack.BaseAddress, TimeSpan.FromMilliseconds(300));

        Assert.Equal(new SlackOutcome(SlackResult.Unavailable, "127.0.0.1 did not answer within 0.3 s"), outcome);

        static async Task DripAsync(HttpContext context)
        {
            while (true)
            {
                await context.Response.WriteAsync(" ", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(20, context.RequestAborted);
            }
        }
    }

    [Fact]
    public async Task Nobody_at_the_address_is_an_outcome()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        SlackOutcome outcome = await PostAsync(new Uri($"http://127.0.0.1:{port}/api/"));

        Assert.Equal(SlackResult.Unavailable, outcome.Result);
        Assert.StartsWith("127.0.0.1 cannot be reached: ", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(3, clock.Pauses.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{\"ok\":")]
    public async Task Something_that_does_not_speak_HTTP_is_an_outcome(string bytes)
    {
        await using RawServer server = RawServer.Start(bytes);

        SlackOutcome outcome = await PostAsync(new Uri($"http://127.0.0.1:{server.Port}/api/"));

        Assert.Equal(SlackResult.Unavailable, outcome.Result);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ok")]
    [InlineData("<html><body>Sign in</body></html>")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"ok":"true"}""")]
    [InlineData("""{"ok":true""")]
    public async Task Garbage_is_reported_and_not_posted_twice(string body)
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("c", FakeSlack.Text(body));

        SlackOutcome outcome = await PostAsync(slack.BaseAddress);

        Assert.Equal(new SlackOutcome(SlackResult.Unavailable, "the answer is not Slack's: no JSON with \"ok\""), outcome);
        Assert.Single(slack.Calls);
    }

    [Fact]
    public async Task A_huge_answer_is_not_read_to_its_end()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("c", FakeSlack.Text($$"""{"ok":true,"x":"{{new string('x', 5_000_000)}}"}"""));

        SlackOutcome outcome = await PostAsync(slack.BaseAddress);

        Assert.Equal(new SlackOutcome(SlackResult.Unavailable, "the answer is too long to be Slack's"), outcome);
    }

    [Theory]
    [InlineData("channel_not_found", SlackResult.Unavailable, "Slack answered: channel_not_found")]
    [InlineData("not_in_channel", SlackResult.Unavailable, "Slack answered: not_in_channel")]
    [InlineData("ratelimited", SlackResult.Unavailable, "Slack answered: ratelimited")]
    [InlineData("invalid_blocks", SlackResult.Refused, "Slack refuses the message: invalid_blocks")]
    [InlineData("msg_too_long", SlackResult.Refused, "Slack refuses the message: msg_too_long")]
    [InlineData("bad \\u001b[31m code", SlackResult.Unavailable, "Slack answered: an error without a code")]
    [InlineData("", SlackResult.Unavailable, "Slack answered: an error without a code")]
    public async Task An_error_of_Slack_is_reported_by_its_code(string code, SlackResult result, string reason)
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("c", FakeSlack.Error(code));

        Assert.Equal(new SlackOutcome(result, reason), await PostAsync(slack.BaseAddress));
        Assert.Single(slack.Calls);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_with_the_token()
    {
        await using FakeSlack other = await FakeSlack.StartAsync();
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("c", context =>
        {
            context.Response.Redirect(new Uri(other.BaseAddress, "chat.postMessage").AbsoluteUri, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });

        SlackOutcome outcome = await PostAsync(slack.BaseAddress);

        Assert.Equal(new SlackOutcome(SlackResult.Unavailable, "127.0.0.1 answered HTTP 307"), outcome);
        Assert.Empty(other.Calls);
    }

    [Fact]
    public async Task The_caller_can_stop_a_pause()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("c", FakeSlack.RateLimited("25"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using HttpClient http = SlackHttp.Create();
        Task<SlackOutcome> posting = new SlackClient(http, TimeProvider.System, slack.BaseAddress).PostAsync(Token(), Post, stop.Token);
        while (slack.Calls.Count == 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => posting);
    }

    private static SlackToken Token()
    {
        Assert.True(SlackToken.TryParse(FakeSlack.Token, out SlackToken? token, out _));
        return token;
    }

    private async Task<SlackOutcome> PostAsync(Uri address, TimeSpan? timeout = null)
    {
        using HttpClient http = SlackHttp.Create();
        TimeSpan callTimeout = timeout ?? Timeout;
        HastyClock time = timeout is null ? clock : new HastyClock(callTimeout);
        var retry = new SlackRetryPolicy { CallTimeout = callTimeout };
        return await new SlackClient(http, time, address, retry).PostAsync(Token(), Post, TestContext.Current.CancellationToken);
    }
}
