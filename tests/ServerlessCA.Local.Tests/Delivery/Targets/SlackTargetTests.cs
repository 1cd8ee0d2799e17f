using ServerlessCA.Core.Notifications;
using ServerlessCA.Local.Delivery;
using ServerlessCA.Slack;
using ServerlessCA.Slack.Tests.Fakes;
using Xunit;

namespace ServerlessCA.Local.Tests.Delivery.Targets;

public sealed class SlackTargetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly HttpClient http = SlackHttp.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Each_channel_gets_the_event_and_one_that_fails_gets_it_later()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("two", FakeSlack.Error("channel_not_found"));
        using var token = new Variable(FakeSlack.Token);
        var queue = new DeliveryQueue(folder.At("outbox"), Targets(slack, token.Name, "one", "two"), TimeProvider.System);
        await queue.EnqueueAsync(Contracts.Some.Event(), Cancellation);

        DeliveryReport first = await queue.DrainAsync(TimeSpan.FromMinutes(1), Cancellation);
        DeliveryReport second = await queue.DrainAsync(TimeSpan.FromMinutes(1), Cancellation);

        Assert.Equal(["", "Slack answered: channel_not_found"], first.Targets.Select(target => target.Problem ?? ""));
        Assert.True(second.IsComplete);
        Assert.Single(slack.PostsIn("one"));
        Assert.Single(slack.PostsIn("two"));
    }

    [Fact]
    public async Task A_message_that_Slack_refuses_is_refused()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("one", FakeSlack.Error("invalid_blocks"));
        using var token = new Variable(FakeSlack.Token);

        DeliveryOutcome outcome = await Targets(slack, token.Name, "one")[0].SendAsync(QueuedEvents.Issued(), Cancellation);

        Assert.Equal(DeliveryOutcome.Refused("Slack refuses the message: invalid_blocks"), outcome);
    }

    [Theory]
    [InlineData("hunter2", "the Slack token is not a bot token (xoxb-…): see environment variable {0}")]
    [InlineData("", "environment variable {0} holds no secret: see environment variable {0}")]
    public async Task Without_a_bot_token_nothing_is_sent(string value, string why)
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        using var token = new Variable(value);

        DeliveryOutcome outcome = await Targets(slack, token.Name, "one")[0].SendAsync(QueuedEvents.Issued(), Cancellation);

        Assert.Equal(DeliveryOutcome.Unavailable(why.Replace("{0}", token.Name, StringComparison.Ordinal)), outcome);
        Assert.Empty(slack.Calls);
    }

    private IReadOnlyList<IDeliveryTarget> Targets(FakeSlack slack, string variable, params string[] channels) => TestTargets.Create(
        $$"""[{"type":"slack","token_env":"{{variable}}","channels":["{{string.Join("\",\"", channels)}}"],"base_url":"{{slack.BaseAddress}}"}]""", http);
}
