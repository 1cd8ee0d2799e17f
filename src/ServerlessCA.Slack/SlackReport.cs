namespace ServerlessCA.Slack;

/// <summary>What became of an event. Immutable.</summary>
/// <param name="Channels">Each channel's outcome, in the order of the setting; empty when nothing was sent.</param>
/// <param name="NothingSent">Why no call was made at all; null when calls were made.</param>
public sealed record SlackReport(IReadOnlyList<ChannelOutcome> Channels, string? NothingSent)
{
    /// <summary>Whether every channel has it.</summary>
    public bool IsComplete => NothingSent is null && Channels.All(channel => channel.Outcome.Result == SlackResult.Posted);
}
