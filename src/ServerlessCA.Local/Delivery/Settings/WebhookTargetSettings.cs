using ServerlessCA.Core.Settings;

namespace ServerlessCA.Local.Delivery.Settings;

/// <summary>The settings of a target that is a webhook. Immutable.</summary>
public sealed record WebhookTargetSettings : TargetSettings
{
    /// <summary>The address, http or https, without user and password.</summary>
    public required Uri Url { get; init; }

    /// <summary>The place where the secret is stored that signs requests.</summary>
    public required SecretSource Secret { get; init; }

    /// <inheritdoc/>
    public override string Id => MakeId("webhook", Url.Host, Url.AbsoluteUri);

    /// <summary>The address without the query, which may hold a secret.</summary>
    public override string Name => $"webhook {Url.GetLeftPart(UriPartial.Path)}";
}

/// <summary>Reads a target of type <c>webhook</c>.</summary>
internal static class WebhookReader
{
    public static IReadOnlyList<TargetSettings> Read(TargetObject target, string folder)
    {
        target.Allow(NotificationTargetSchema.WebhookKeys);
        string? url = target.Text(
            "url", "an http or https address without user and password", text => WebAddress.TryParse(text, out _), required: true);
        SecretSource? secret = target.Secret("secret", folder, required: true);
        return url is null || secret is null ? [] : [new WebhookTargetSettings { Url = new Uri(url), Secret = secret }];
    }
}
