using System.Text.Json;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Slack;

/// <summary>Writes Block Kit messages for <c>chat.postMessage</c>, one for each event (contract section 9). Whatever the event
/// contains, the message obeys Slack's limits and mentions nobody (contract 12.17).</summary>
public static class SlackMessages
{
    private const string WarningsLabel = "*Warnings:*\n"; // what was ignored in the request (contract 12.24)
    private const int MaxDays = 20; // digits of a number of days at most; our decision

    /// <summary>Returns the JSON body of one post.</summary>
    /// <param name="subject">The topic's subject; may be null.</param>
    /// <param name="message">The event's JSON; any other text is shown as it is.</param>
    /// <param name="channel">The channel's name or id.</param>
    /// <param name="style">How the message looks.</param>
    public static string Post(string? subject, string message, string channel, SlackStyle style)
    {
        SlackEvent content = SlackEvent.Read(subject, message);
        return SlackJson.Object(writer =>
        {
            writer.WriteString("channel", channel);
            WriteText(writer, content, style);
            writer.WriteString("username", style.Username);
            writer.WriteStartArray("blocks");
            WriteBlocks(writer, content, style);
            WriteFoot(writer, style);
            writer.WriteEndArray();
        });
    }

    private static void WriteText(Utf8JsonWriter writer, SlackEvent content, SlackStyle style)
    {
        // Receivers have always seen "None" for an event without a subject.
        string? text = content.Kind == SlackEventKind.Unknown ? content.Subject : $"{Emoji(content.Kind, style)} {content.Subject ?? "None"}";
        if (text is null)
        {
            writer.WriteNull("text");
        }
        else
        {
            writer.WriteString("text", SlackLimits.Fit(SlackText.Tame(text), SlackLimits.Text));
        }
    }

    private static void WriteBlocks(Utf8JsonWriter writer, SlackEvent content, SlackStyle style)
    {
        if (content.Kind == SlackEventKind.Unknown)
        {
            WriteSection(writer, $"```{SlackLimits.FitExactly(SlackText.CodeBlock(content.Text), SlackLimits.CodeBlock)}```");
            return;
        }

        WriteHeader(writer, $"{Emoji(content.Kind, style)} {Title(content.Kind)}");
        if (content.Kind is SlackEventKind.Rejected or SlackEventKind.RevocationFailed && content.Value("Reason") is { } reason)
        {
            WriteSection(writer, Labelled("*Reason:* ", reason, "", SlackLimits.Section));
        }

        if (content.Value("Subject") is { } subject)
        {
            WriteSection(writer, Labelled("*Subject:* `", SlackText.Code(subject), "`", SlackLimits.Section));
        }

        WriteFields(writer, Fields(content));
        if (content.Kind == SlackEventKind.ExpiryWarning && content.Value("DaysRemaining") is { } days)
        {
            WriteSection(writer, Labelled("*Days Remaining:* ", days, "", MaxDays * 2));
        }

        string warnings = string.Join('\n', content.Texts("Warnings").Select(warning => $"• {SlackText.Tame(warning)}"));
        if (warnings.Length > 0)
        {
            WriteSection(writer, $"{WarningsLabel}{SlackLimits.Fit(warnings, SlackLimits.Section - WarningsLabel.Length)}");
        }
    }

    private static IEnumerable<string> Fields(SlackEvent content)
    {
        (string Label, string? Value, bool IsCode)[] fields = content.Kind switch
        {
            SlackEventKind.Rejected =>
            [
                ("Common Name", content.Value("CSRInfo", "CommonName"), false),
                ("Lifetime (days)", content.Value("CSRInfo", "Lifetime"), false),
                ("Purposes", content.Value("CSRInfo", "Purposes"), false),
                ("SANs", content.Value("CSRInfo", "SANs"), false),
            ],
            SlackEventKind.Revoked =>
            [
                ("Common Name", content.Value("CommonName"), false),
                ("Serial Number", content.Value("SerialNumber"), true),
                ("Revoked", content.Value("Revoked")?.Split('.')[0], false),
            ],
            SlackEventKind.RevocationFailed =>
            [
                ("File", content.Value("File"), false),
                ("Entry", content.Value("Entry"), false),
                ("Common Name", content.Value("CommonName"), false),
                ("Serial Number", content.Value("SerialNumber"), true),
            ],
            _ =>
            [
                ("Common Name", content.Value("CertificateInfo", "CommonName"), false),
                ("Serial Number", content.Value("CertificateInfo", "SerialNumber"), true),
                ("Issued", content.Value("CertificateInfo", "Issued"), false),
                (content.Kind == SlackEventKind.Expired ? "Expired" : "Expires", content.Value("CertificateInfo", "Expires"), false),
            ],
        };
        return fields.Where(field => field.Value is not null).Select(field => field.IsCode
            ? Labelled($"*{field.Label}:*\n`", SlackText.Code(field.Value!), "`", SlackLimits.Field)
            : Labelled($"*{field.Label}:*\n", field.Value!, "", SlackLimits.Field));
    }

    private static void WriteHeader(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "header");
        writer.WriteStartObject("text");
        writer.WriteString("type", "plain_text");
        writer.WriteString("text", SlackLimits.Fit(SlackText.Tame(text), SlackLimits.Header));
        writer.WriteBoolean("emoji", true);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteSection(Utf8JsonWriter writer, string markdown)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "section");
        writer.WritePropertyName("text");
        WriteMarkdown(writer, markdown);
        writer.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter writer, IEnumerable<string> fields)
    {
        string[] written = [.. fields.Take(SlackLimits.FieldCount)];
        if (written.Length == 0)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", "section");
        writer.WriteStartArray("fields");
        foreach (string field in written)
        {
            WriteMarkdown(writer, field);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteFoot(Utf8JsonWriter writer, SlackStyle style)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "divider");
        writer.WriteEndObject();

        string account = style.AccountAlias is { } alias ? $" | *Account:* {SlackLimits.Fit(SlackText.Tame(alias), SlackLimits.Field)}" : "";
        writer.WriteStartObject();
        writer.WriteString("type", "context");
        writer.WriteStartArray("elements");
        WriteMarkdown(writer, $"*Project:* {SlackLimits.Fit(SlackText.Tame(style.Project), SlackLimits.Header)}{account}");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteMarkdown(Utf8JsonWriter writer, string markdown)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "mrkdwn");
        writer.WriteString("text", markdown);
        writer.WriteEndObject();
    }

    private static string Labelled(string before, string value, string after, int limit) =>
        $"{before}{SlackLimits.Fit(SlackText.Tame(value), limit - before.Length - after.Length)}{after}";

    private static string Emoji(SlackEventKind kind, SlackStyle style) => kind switch
    {
        SlackEventKind.Issued => style.GoodEmoji,
        SlackEventKind.ExpiryWarning => style.WarningEmoji,
        _ => style.BadEmoji,
    };

    private static string Title(SlackEventKind kind) => kind switch
    {
        SlackEventKind.Issued => NotificationSubjects.Issued,
        SlackEventKind.Rejected => NotificationSubjects.Rejected,
        SlackEventKind.Revoked => NotificationSubjects.Revoked,
        SlackEventKind.RevocationFailed => NotificationSubjects.RevocationFailed,
        SlackEventKind.ExpiryWarning => NotificationSubjects.ExpiryWarning,
        _ => NotificationSubjects.Expired,
    };
}

/// <summary>Says how messages look, and what is at their foot (contract section 9). Immutable.</summary>
public sealed record SlackStyle
{
    /// <summary>The name the messages are posted under.</summary>
    public string Username { get; init; } = SettingsSchema.SlackUsername.Default;

    /// <summary>The emoji of issued certificates.</summary>
    public string GoodEmoji { get; init; } = SettingsSchema.SlackGoodEmoji.Default;

    /// <summary>The emoji of refusals, revocations and expired certificates.</summary>
    public string BadEmoji { get; init; } = SettingsSchema.SlackBadEmoji.Default;

    /// <summary>The emoji of certificates that expire soon.</summary>
    public string WarningEmoji { get; init; } = SettingsSchema.SlackWarningEmoji.Default;

    /// <summary>The project of the deployment.</summary>
    public required string Project { get; init; }

    /// <summary>The account's alias; null when it is unknown, and then left out.</summary>
    public string? AccountAlias { get; init; }
}
