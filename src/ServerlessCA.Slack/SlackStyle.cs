using ServerlessCA.Core.Settings;

namespace ServerlessCA.Slack;

/// <summary>How messages look, and what stands at their foot (contract section 9). Immutable.</summary>
public sealed record SlackStyle
{
    /// <summary>The name the messages are posted under.</summary>
    public string Username { get; init; } = SettingsSchema.SlackUsername.Default;

    /// <summary>For issued certificates.</summary>
    public string GoodEmoji { get; init; } = SettingsSchema.SlackGoodEmoji.Default;

    /// <summary>For refusals, revocations and expired certificates.</summary>
    public string BadEmoji { get; init; } = SettingsSchema.SlackBadEmoji.Default;

    /// <summary>For certificates that expire soon.</summary>
    public string WarningEmoji { get; init; } = SettingsSchema.SlackWarningEmoji.Default;

    /// <summary>The deployment's project.</summary>
    public required string Project { get; init; }

    /// <summary>The account's alias; absent when it is not known.</summary>
    public string? AccountAlias { get; init; }
}
