using ServerlessCA.Slack;


namespace ServerlessCA.Local.Delivery.Settings;

/// <summary>A Slack channel. Immutable.</summary>
public sealed record SlackTargetSettings : TargetSettings
{
    /// <summary>Name or id.</summary>
    public required string Channel { get; init; }

    /// <summary>Where the bot token is kept.</summary>
    public required SecretSource Token { get; init; }

    /// <summary>Slack, or what stands for it.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>How messages look.</summary>
    public required SlackStyle Style { get; init; }

    /// <inheritdoc/>
    public override string Id => MakeId("slack", Channel, BaseUrl.AbsoluteUri, Channel);

    /// <inheritdoc/>
    public override string Name => $"Slack channel {Channel}";
}
