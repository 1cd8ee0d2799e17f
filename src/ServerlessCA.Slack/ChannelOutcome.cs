namespace ServerlessCA.Slack;

/// <summary>What became of an event in one channel. Immutable.</summary>
/// <param name="Channel">Its name or id, as set.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record ChannelOutcome(string Channel, SlackOutcome Outcome);
