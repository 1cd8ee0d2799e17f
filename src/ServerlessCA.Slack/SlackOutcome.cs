namespace ServerlessCA.Slack;

/// <summary>What became of one post, and why. Immutable.</summary>
/// <param name="Result">In short.</param>
/// <param name="Reason">For people: Slack's error code or what happened on the way; empty when it was posted. Never holds
/// the token, the message or more of the answer than an error code.</param>
public sealed record SlackOutcome(SlackResult Result, string Reason)
{
    internal static SlackOutcome Posted { get; } = new(SlackResult.Posted, "");

    internal static SlackOutcome Refused(string reason) => new(SlackResult.Refused, reason);

    internal static SlackOutcome Unavailable(string reason) => new(SlackResult.Unavailable, reason);
}
