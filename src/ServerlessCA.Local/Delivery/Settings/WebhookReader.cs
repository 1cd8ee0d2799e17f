namespace ServerlessCA.Local.Delivery.Settings;

/// <summary>Reads a target of type <c>webhook</c>.</summary>
internal static class WebhookReader
{
    public static IReadOnlyList<TargetSettings> Read(TargetObject target, string folder)
    {
        target.Allow("type", "url", "secret_env", "secret_file");
        string? url = target.Text(
            "url", "an http or https address without user and password", text => WebAddress.TryParse(text, out _), required: true);
        SecretSource? secret = target.Secret("secret", folder, required: true);
        return url is null || secret is null ? [] : [new WebhookTargetSettings { Url = new Uri(url), Secret = secret }];
    }
}
