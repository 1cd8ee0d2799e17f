using ServerlessCA.Slack;


namespace ServerlessCA.Lambda.Settings;

/// <summary>How notify posts to Slack (contract section 9). Immutable.</summary>
/// <param name="SecretArn">Where the token is.</param>
/// <param name="Channels">Where to post.</param>
/// <param name="Style">Name and emojis.</param>
/// <param name="ApiAddress">Another address than Slack's, such as a test's or a gateway's; null: Slack's.</param>
public sealed record SlackSettings(string SecretArn, IReadOnlyList<string> Channels, SlackStyle Style, Uri? ApiAddress);
