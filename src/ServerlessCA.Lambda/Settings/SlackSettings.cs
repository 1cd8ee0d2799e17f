using ServerlessCA.Slack;


namespace ServerlessCA.Lambda.Settings;

/// <summary>How notify posts to Slack (SPEC section 9). Immutable.</summary>
/// <param name="SecretArn"><c>SLACK_SECRET_ARN</c>: where the token is.</param>
/// <param name="Channels"><c>SLACK_CHANNELS</c>.</param>
/// <param name="Style"><c>SLACK_USERNAME</c> and the emojis.</param>
/// <param name="ApiAddress"><c>SLACK_API_URL</c>: another address than Slack's, such as a test's or a gateway's; null: Slack's.</param>
public sealed record SlackSettings(string SecretArn, IReadOnlyList<string> Channels, SlackStyle Style, Uri? ApiAddress);
