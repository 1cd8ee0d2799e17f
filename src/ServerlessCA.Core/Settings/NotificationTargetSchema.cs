using System.Text.Json.Nodes;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Settings;

/// <summary>Lists the keys of the targets of the setting <c>notifications</c> of a local CA, which the delivery reads, and makes their
/// JSON Schema.</summary>
public static class NotificationTargetSchema
{
    private const string Type = "type";

    /// <summary>Lists the keys of a target of type <c>slack</c>.</summary>
    public static IReadOnlyList<string> SlackKeys { get; } =
        [Type, "token_env", "token_file", "channels", "username", "good_emoji", "bad_emoji", "warning_emoji", "base_url"];

    /// <summary>Lists the keys of a target of type <c>webhook</c>.</summary>
    public static IReadOnlyList<string> WebhookKeys { get; } = [Type, "url", "secret_env", "secret_file"];

    /// <summary>Lists the keys of a target of type <c>smtp</c>.</summary>
    public static IReadOnlyList<string> SmtpKeys { get; } =
        [Type, "host", "port", "tls", "ca_file", "user", "password_env", "password_file", "from", "to"];

    /// <summary>Makes the schema of the list of targets.</summary>
    internal static JsonObject List() => JsonSchema.Any(
        JsonSchema.List(JsonSchema.Any(
            Target("slack", SlackKeys, ["channels"]), Target("webhook", WebhookKeys, ["url"]), Target("smtp", SmtpKeys, ["host", "from", "to"]))),
        JsonSchema.Null());

    private static JsonObject Target(string type, IReadOnlyList<string> keys, IReadOnlyList<string> required)
    {
        var properties = new JsonObject();
        foreach (string key in keys)
        {
            properties[key] = key == Type ? JsonSchema.Described(JsonSchema.OneOf([type]), "The kind of the target: slack, webhook or smtp.") : Value(key);
        }

        return JsonSchema.Object(properties, [Type, .. required], remarks: false);
    }

    private static JsonObject Value(string key) => key switch
    {
        "token_env" => JsonSchema.Described(JsonSchema.Text(), "The environment variable that holds Slack's token."),
        "token_file" => JsonSchema.Described(JsonSchema.Text(), "The file that holds Slack's token."),
        "channels" => JsonSchema.Described(Texts(), "The channels, by name or id."),
        "username" => JsonSchema.Described(JsonSchema.Text(), "The name that messages are posted under."),
        "good_emoji" => JsonSchema.Described(JsonSchema.Text(), "The emoji of issued certificates."),
        "bad_emoji" => JsonSchema.Described(JsonSchema.Text(), "The emoji of refusals, revocations and expired certificates."),
        "warning_emoji" => JsonSchema.Described(JsonSchema.Text(), "The emoji of certificates that expire soon."),
        "base_url" => JsonSchema.Described(JsonSchema.Text(), "Another address than Slack's own, such as a gateway's."),
        "url" => JsonSchema.Described(JsonSchema.Name(), "The http or https address that notifications are posted to, without user and password."),
        "secret_env" => JsonSchema.Described(JsonSchema.Text(), "The environment variable that holds the secret by which notifications are signed."),
        "secret_file" => JsonSchema.Described(JsonSchema.Text(), "The file that holds the secret by which notifications are signed."),
        "host" => JsonSchema.Described(JsonSchema.Name(), "The name or address of the mail server."),
        "port" => JsonSchema.Described(JsonSchema.Whole(1, ushort.MaxValue), "The port of the mail server. Without it: 587, 465 with tls, 25 with none."),
        "tls" => JsonSchema.Described(
            JsonSchema.Any(JsonSchema.OneOf(["starttls", "tls", "none"]), JsonSchema.Null()), "How the connection is protected; starttls is the default."),
        "ca_file" => JsonSchema.Described(JsonSchema.Text(), "A PEM file with the CAs that the mail server's certificate may come from. Without it: those of the system."),
        "user" => JsonSchema.Described(JsonSchema.Text(), "The user's name at the mail server. Without it there is no login."),
        "password_env" => JsonSchema.Described(JsonSchema.Text(), "The environment variable that holds the user's password."),
        "password_file" => JsonSchema.Described(JsonSchema.Text(), "The file that holds the user's password."),
        "from" => JsonSchema.Described(JsonSchema.Name(), "The sender, such as ca@example.com or Our CA <ca@example.com>."),
        "to" => JsonSchema.Described(Texts(), "The recipients."),
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "a key without a description"),
    };

    private static JsonObject Texts()
    {
        JsonObject list = JsonSchema.List(JsonSchema.Name());
        list["minItems"] = 1;
        return list;
    }
}
