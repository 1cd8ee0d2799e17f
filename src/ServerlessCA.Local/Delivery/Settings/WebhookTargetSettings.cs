namespace ServerlessCA.Local.Delivery.Settings;

/// <summary>A webhook. Immutable.</summary>
public sealed record WebhookTargetSettings : TargetSettings
{
    /// <summary>Where to; http or https, without user and password.</summary>
    public required Uri Url { get; init; }

    /// <summary>Where the secret is kept that signs.</summary>
    public required SecretSource Secret { get; init; }

    /// <inheritdoc/>
    public override string Id => MakeId("webhook", Url.Host, Url.AbsoluteUri);

    /// <summary>Without the query, which may hold a secret.</summary>
    public override string Name => $"webhook {Url.GetLeftPart(UriPartial.Path)}";
}
