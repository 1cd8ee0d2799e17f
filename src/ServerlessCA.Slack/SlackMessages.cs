using System.Text.Json;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Slack;

/// <summary>Block Kit messages for <c>chat.postMessage</c>, one per event (contract section 9). Whatever the event holds,
/// the message keeps Slack's limits and mentions nobody (contract 12.17).</summary>
public static class SlackMessages
{
    private const string WarningsLabel = "*Warnings:*\n"; // what of the request was ignored (contract 12.24)
    private const int MaxDays = 20; // digits of a number of days at most; our decision

    /// <summary>The JSON body of one post.</summary>
    /// <param name="subject">The topic's subject; may be null.</param>
    /// <param name="message">The event's JSON; anything else is shown as it is.</param>
    /// <param name="channel">Where to.</param>
    /// <param name="style">How it looks.</param>
    public static string Post(string? subject, string message, string channel, SlackStyle style)
    {
        SlackEvent told = SlackEvent.Read(subject, message);
        return SlackJson.Object(writer =>
        {
            writer.WriteString("channel", channel);
            WriteText(writer, told, style);
            writer.WriteString("username", style.Username);
            writer.WriteStartArray("blocks");
            WriteBlocks(writer, told, style);
            WriteFoot(writer, style);
            writer.WriteEndArray();
        });
    }

    private static void WriteText(Utf8JsonWriter writer, SlackEvent told, SlackStyle style)
    {
        // "None" is what receivers have always seen for an event without a subject.
        string? text = told.Kind == SlackEventKind.Unknown ? told.Subject : $"{Emoji(told.Kind, style)} {told.Subject ?? "None"}";
        if (text is null)
        {
            writer.WriteNull("text");
        }
        else
        {
            writer.WriteString("text", SlackLimits.Fit(SlackText.Tame(text), SlackLimits.Text));
        }
    }

    private static void WriteBlocks(Utf8JsonWriter writer, SlackEvent told, SlackStyle style)
    {
        if (told.Kind == SlackEventKind.Unknown)
        {
            WriteSection(writer, $"```{SlackLimits.FitExactly(SlackText.CodeBlock(told.Text), SlackLimits.CodeBlock)}```");
            return;
        }

        WriteHeader(writer, $"{Emoji(told.Kind, style)} {Title(told.Kind)}");
        if (told.Kind is SlackEventKind.Rejected or SlackEventKind.RevocationFailed && told.Value("Reason") is { } reason)
        {
            WriteSection(writer, Labelled("*Reason:* ", reason, "", SlackLimits.Section));
        }

        if (told.Value("Subject") is { } subject)
        {
            WriteSection(writer, Labelled("*Subject:* `", SlackText.Code(subject), "`", SlackLimits.Section));
        }

        WriteFields(writer, Fields(told));
        if (told.Kind == SlackEventKind.ExpiryWarning && told.Value("DaysRemaining") is { } days)
        {
            WriteSection(writer, Labelled("*Days Remaining:* ", days, "", MaxDays * 2));
        }

        string warnings = string.Join('\n', told.Texts("Warnings").Select(warning => $"• {SlackText.Tame(warning)}"));
        if (warnings.Length > 0)
        {
            WriteSection(writer, $"{WarningsLabel}{SlackLimits.Fit(warnings, SlackLimits.Section - WarningsLabel.Length)}");
        }
    }

    private static IEnumerable<string> Fields(SlackEvent told)
    {
        (string Label, string? Value, bool IsCode)[] fields = told.Kind switch
        {
            SlackEventKind.Rejected =>
            [
                ("Common Name", told.Value("CSRInfo", "CommonName"), false),
                ("Lifetime (days)", told.Value("CSRInfo", "Lifetime"), false),
                ("Purposes", told.Value("CSRInfo", "Purposes"), false),
                ("SANs", told.Value("CSRInfo", "SANs"), false),
            ],
            SlackEventKind.Revoked =>
            [
                ("Common Name", told.Value("CommonName"), false),
                ("Serial Number", told.Value("SerialNumber"), true),
                ("Revoked", told.Value("Revoked")?.Split('.')[0], false),
            ],
            SlackEventKind.RevocationFailed =>
            [
                ("File", told.Value("File"), false),
                ("Entry", told.Value("Entry"), false),
                ("Common Name", told.Value("CommonName"), false),
                ("Serial Number", told.Value("SerialNumber"), true),
            ],
            _ =>
            [
                ("Common Name", told.Value("CertificateInfo", "CommonName"), false),
                ("Serial Number", told.Value("CertificateInfo", "SerialNumber"), true),
                ("Issued", told.Value("CertificateInfo", "Issued"), false),
                (told.Kind == SlackEventKind.Expired ? "Expired" : "Expires", told.Value("CertificateInfo", "Expires"), false),
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
