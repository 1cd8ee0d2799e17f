namespace ServerlessCA.Slack;

/// <summary>Posts one event to every channel (contract section 9). All channels are served at once, so that none waits for
/// another; calls begin in the order of the setting.</summary>
/// <param name="client">Posts.</param>
/// <param name="style">How messages look.</param>
public sealed class SlackBroadcast(SlackClient client, SlackStyle style)
{
    /// <summary>The channels of the setting <c>SLACK_CHANNELS</c>: comma separated, without white space around. An empty
    /// setting is one channel with an empty name, as it always was: Slack says <c>channel_not_found</c>, which shows in
    /// the log that something is not set up.</summary>
    public static IReadOnlyList<string> Channels(string? setting) =>
        [.. (setting ?? "").Split(',').Select(channel => channel.Trim())];

    /// <summary>Posts; never throws for anything that Slack or the network does.</summary>
    /// <param name="token">The secret; without a bot token nothing is sent (contract section 9).</param>
    /// <param name="channels">Names or ids.</param>
    /// <param name="subject">The topic's subject; may be null.</param>
    /// <param name="message">The event's JSON; anything else is shown as it is.</param>
    /// <param name="cancellation">Ends all waiting; channels that were not done say so.</param>
    public async Task<SlackReport> PostAsync(
        string? token, IReadOnlyList<string> channels, string? subject, string message, CancellationToken cancellation)
    {
        if (!SlackToken.TryParse(token, out SlackToken? bot, out string? why))
        {
            return new SlackReport([], $"Nothing was sent to Slack: {why}.");
        }

        ChannelOutcome[] outcomes = await Task.WhenAll(channels.Select(async channel => new ChannelOutcome(
            channel, await PostAsync(bot, SlackMessages.Post(subject, message, channel, style), cancellation))));
        return new SlackReport(outcomes, NothingSent: null);
    }

    private async Task<SlackOutcome> PostAsync(SlackToken token, string json, CancellationToken cancellation)
    {
        try
        {
            return await client.PostAsync(token, json, cancellation);
        }
        catch (OperationCanceledException)
        {
            return SlackOutcome.Unavailable("cut off before Slack answered");
        }
    }
}

/// <summary>What became of an event. Immutable.</summary>
/// <param name="Channels">Each channel's outcome, in the order of the setting; empty when nothing was sent.</param>
/// <param name="NothingSent">Why no call was made at all; null when calls were made.</param>
public sealed record SlackReport(IReadOnlyList<ChannelOutcome> Channels, string? NothingSent)
{
    /// <summary>Whether every channel has it.</summary>
    public bool IsComplete => NothingSent is null && Channels.All(channel => channel.Outcome.Result == SlackResult.Posted);
}

/// <summary>What became of an event in one channel. Immutable.</summary>
/// <param name="Channel">Its name or id, as set.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record ChannelOutcome(string Channel, SlackOutcome Outcome);
