namespace ServerlessCA.Slack;

/// <summary>What became of one post.</summary>
public enum SlackResult
{
    /// <summary>Slack has it.</summary>
    Posted,

    /// <summary>Slack does not take this message, whenever it is sent.</summary>
    Refused,

    /// <summary>Not posted now: Slack, the network, the token or the channel. It may be posted later; seldom it was
    /// posted and only the answer got lost.</summary>
    Unavailable,
}
