using ServerlessCA.Core.Settings;
using ServerlessCA.Slack;

namespace ServerlessCA.Local.Delivery.Settings;

/// <summary>The settings of a target that is a Slack channel. Immutable.</summary>
public sealed record SlackTargetSettings : TargetSettings
{
    /// <summary>The channel's name or id.</summary>
    public required string Channel { get; init; }

    /// <summary>The place where the bot token is stored.</summary>
    public required SecretSource Token { get; init; }

    /// <summary>The address of Slack, or of a server in its place.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>The look of the messages.</summary>
    public required SlackStyle Style { get; init; }

    /// <inheritdoc/>
    public override string Id => MakeId("slack", Channel, BaseUrl.AbsoluteUri, Channel);

    /// <inheritdoc/>
    public override string Name => $"Slack channel {Channel}";
}

/// <summary>Reads a target of type <c>slack</c>.</summary>
internal static class SlackReader
{
    private const int MaxName = 80; // characters of a channel's or user's name (Slack's own limit)

    public static IReadOnlyList<TargetSettings> Read(TargetObject target, string folder, string project)
    {
        target.Allow(NotificationTargetSchema.SlackKeys);
        var usual = new SlackStyle { Project = project };
        SlackStyle style = usual with
        {
            Username = Short(target, "username") ?? usual.Username,
            GoodEmoji = Short(target, "good_emoji") ?? usual.GoodEmoji,
            BadEmoji = Short(target, "bad_emoji") ?? usual.BadEmoji,
            WarningEmoji = Short(target, "warning_emoji") ?? usual.WarningEmoji,
        };
        SecretSource? token = target.Secret("token", folder, required: true);
        IReadOnlyList<string> channels = target.Texts(
            "channels", "a list of names or ids of channels, such as [\"ca-notifications\"]", text => text.Length <= MaxName);
        string? url = target.Text("base_url", "an https address, or http on this machine", IsSafe);
        Uri address = url is null ? SlackClient.DefaultBaseAddress : new Uri(url);
        return token is null ? [] : [.. channels.Select(channel => new SlackTargetSettings
        {
            Channel = channel, Token = token, BaseUrl = address, Style = style,
        })];
    }

    private static string? Short(TargetObject target, string key) =>
        target.Text(key, $"a text of at most {MaxName} characters", text => text.Length <= MaxName);

    // The token is sent there: never in the clear over a network.
    private static bool IsSafe(string url) => WebAddress.TryParse(url, out Uri? address)
        && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback) && address.Query.Length == 0;
}
