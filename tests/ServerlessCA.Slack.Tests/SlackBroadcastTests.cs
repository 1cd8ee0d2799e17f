using System.Text.Json.Nodes;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Slack.Tests.Fakes;
using Xunit;

namespace ServerlessCA.Slack.Tests;

public sealed class SlackBroadcastTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly HastyClock clock = new(Timeout);

    [Fact]
    public async Task The_six_messages_arrive()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();

        foreach (Notification notification in SomeEvents.All)
        {
            SlackReport report = await BroadcastAsync(slack, ["ca-notifications"], FakeSlack.Token, notification);
            Assert.True(report.IsComplete, notification.Subject);
        }

        IReadOnlyList<JsonObject> posts = slack.PostsIn("ca-notifications");
        Assert.Equal(
            [
                ":white_check_mark: Certificate Issued",
                ":octagonal_sign: Certificate Request Rejected",
                ":octagonal_sign: Certificate Revoked",
                ":octagonal_sign: Revocation Failed",
                ":warning: Certificate Expiry Warning",
                ":octagonal_sign: Certificate Expired",
            ],
            posts.Select(post => post["text"]!.GetValue<string>()));
        Assert.Equal(
            posts.Select(post => post["text"]!.GetValue<string>()),
            posts.Select(post => post["blocks"]![0]!["text"]!["text"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_failing_channel_stops_no_other()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("gone", FakeSlack.Error("channel_not_found"));
        slack.Next("slow", Enumerable.Repeat(FakeSlack.Hang, 9));
        slack.Next("broken", Enumerable.Repeat(FakeSlack.Text("oops", 500), 9));
        slack.Next("odd", FakeSlack.Text("<html>"));
        slack.Next("busy", FakeSlack.RateLimited("1"));

        SlackReport report = await BroadcastAsync(slack, ["gone", "slow", "broken", "odd", "busy", "good"]);

        Assert.Equal(["gone", "slow", "broken", "odd", "busy", "good"], report.Channels.Select(channel => channel.Channel));
        Assert.Equal(
            [
                "Slack answered: channel_not_found",
                "127.0.0.1 did not answer within 3 s",
                "127.0.0.1 answered HTTP 500",
                "the answer is not Slack's: no JSON with \"ok\"",
                "",
                "",
            ],
            report.Channels.Select(channel => channel.Outcome.Reason));
        Assert.False(report.IsComplete);
        Assert.Single(slack.PostsIn("good"));
        Assert.Single(slack.PostsIn("busy"));
    }

    [Theory]
    [InlineData(null, "Nothing was sent to Slack: there is no Slack token.")]
    [InlineData("", "Nothing was sent to Slack: there is no Slack token.")]
    [InlineData("dummy-value", "Nothing was sent to Slack: the Slack token is not a bot token (xoxb-…).")]
    [InlineData("xoxp-1-2", "Nothing was sent to Slack: the Slack token is not a bot token (xoxb-…).")]
    [InlineData("xoxb-1\r\nX-Evil: 1", "Nothing was sent to Slack: the Slack token is too long or has other characters than letters, digits, '-', '_' and '.'.")]
    public async Task Without_a_bot_token_nothing_is_sent(string? token, string why)
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();

        SlackReport report = await BroadcastAsync(slack, ["c"], token);

        Assert.Equal(why, report.NothingSent);
        Assert.Empty(report.Channels);
        Assert.False(report.IsComplete);
        Assert.Empty(slack.Calls);
    }

    [Fact]
    public async Task A_wrong_token_is_reported_for_every_channel_and_shown_nowhere()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        const string Wrong = "xoxb-secret-value";

        SlackReport report = await BroadcastAsync(slack, ["a", "b"], Wrong);

        Assert.All(report.Channels, channel => Assert.Equal("Slack answered: invalid_auth", channel.Outcome.Reason));
        Assert.DoesNotContain("secret", report.ToString() + string.Concat(report.Channels), StringComparison.Ordinal);
        Assert.True(SlackToken.TryParse(Wrong, out SlackToken? token, out _));
        Assert.DoesNotContain("secret", $"{token}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one, two ,three", new[] { "one", "two", "three" })]
    [InlineData("one", new[] { "one" })]
    [InlineData("", new[] { "" })]
    [InlineData(null, new[] { "" })]
    public void Channels_are_separated_by_commas(string? setting, string[] channels) =>
        Assert.Equal(channels, SlackBroadcast.Channels(setting));

    [Fact]
    public async Task Cancelling_cuts_all_channels_off_without_throwing()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("slow", FakeSlack.Hang);
        using HttpClient http = SlackHttp.Create();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var broadcast = new SlackBroadcast(new SlackClient(http, TimeProvider.System, slack.BaseAddress), SomeEvents.Style);
        Task<SlackReport> posting = broadcast.PostAsync(FakeSlack.Token, ["slow"], "s", "{}", stop.Token);
        while (slack.Calls.Count == 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();

        Assert.Equal("cut off before Slack answered", Assert.Single((await posting).Channels).Outcome.Reason);
    }

    private async Task<SlackReport> BroadcastAsync(
        FakeSlack slack, IReadOnlyList<string> channels, string? token = FakeSlack.Token, Notification? notification = null)
    {
        notification ??= SomeEvents.Issued;
        using HttpClient http = SlackHttp.Create();
        var client = new SlackClient(http, clock, slack.BaseAddress, new SlackRetryPolicy { CallTimeout = Timeout, Attempts = 2 });
        return await new SlackBroadcast(client, SomeEvents.Style)
            .PostAsync(token, channels, notification.Subject, notification.Json, TestContext.Current.CancellationToken);
    }
}
