namespace ServerlessCA.Slack;

/// <summary>Posts one event to every channel (contract section 9). It calls for all channels at once, so that none waits for
/// another; calls begin in the order of the setting.</summary>
/// <param name="client">Posts the messages.</param>
/// <param name="style">How messages look.</param>
public sealed class SlackBroadcast(SlackClient client, SlackStyle style)
{
    /// <summary>Splits the setting <c>SLACK_CHANNELS</c> at its commas and trims white space. An empty setting is one channel
    /// with an empty name, as it always was: Slack answers <c>channel_not_found</c>, so the log shows that the setting is
    /// missing.</summary>
    public static IReadOnlyList<string> Channels(string? setting) =>
        [.. (setting ?? "").Split(',').Select(channel => channel.Trim())];

    /// <summary>Posts the event; it never throws for anything that Slack or the network does.</summary>
    /// <param name="token">The secret's text; without a bot token nothing is sent (contract section 9).</param>
    /// <param name="channels">The names or ids of the channels.</param>
    /// <param name="subject">The topic's subject; may be null.</param>
    /// <param name="message">The event's JSON; any other text is shown as it is.</param>
    /// <param name="cancellation">Ends all waiting; the outcomes of unfinished channels say so.</param>
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

/// <summary>Reports what became of an event. Immutable.</summary>
/// <param name="Channels">The outcome of each channel, in the order of the setting; empty when nothing was sent.</param>
/// <param name="NothingSent">Why no call was made; null when calls were made.</param>
public sealed record SlackReport(IReadOnlyList<ChannelOutcome> Channels, string? NothingSent)
{
    /// <summary>Whether every channel has the message.</summary>
    public bool IsComplete => NothingSent is null && Channels.All(channel => channel.Outcome.Result == SlackResult.Posted);
}

/// <summary>Says what became of an event in one channel. Immutable.</summary>
/// <param name="Channel">The channel's name or id, as in the setting.</param>
/// <param name="Outcome">The outcome of the post.</param>
public sealed record ChannelOutcome(string Channel, SlackOutcome Outcome);
