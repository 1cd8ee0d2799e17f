using System.Buffers;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Slack;

/// <summary>The kind of an event. It follows from the message's content; the subject decides only what the content leaves
/// open.</summary>
internal enum SlackEventKind
{
    Unknown,
    Issued,
    Rejected,
    Revoked,
    RevocationFailed,
    ExpiryWarning,
    Expired,
}

/// <summary>Holds a message of the topic as far as it can be read. Immutable.</summary>
internal sealed class SlackEvent
{
    private readonly JsonElement json;

    private SlackEvent(string? subject, string text, JsonElement json)
    {
        Subject = subject;
        Text = text;
        this.json = json;
        Kind = KindOf(subject, json);
    }

    public string? Subject { get; }

    /// <summary>The message as it came, or indented if it is JSON.</summary>
    public string Text { get; }

    public SlackEventKind Kind { get; }

    public static SlackEvent Read(string? subject, string message)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(message);
            JsonElement json = document.RootElement.Clone();
            bool readable = json.ValueKind is JsonValueKind.Object or JsonValueKind.Array && JsonFaults.IsUnicode(json);
            return readable ? new SlackEvent(subject, SlackJson.Indented(json), json) : new SlackEvent(subject, message, default);
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            // It is no JSON, or it contains half a surrogate pair, which is no text.
            return new SlackEvent(subject, message, default);
        }
    }

    /// <summary>Returns a member of the message, or of one of its objects, as text; null when it is absent.</summary>
    public string? Value(params ReadOnlySpan<string> path)
    {
        JsonElement at = json;
        foreach (string name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }

        return at.ValueKind switch
        {
            JsonValueKind.String => at.GetString() is { Length: > 0 } text ? text : null,
            JsonValueKind.Number => at.GetRawText(),
            JsonValueKind.Array => string.Join(", ", at.EnumerateArray().Select(NameOf)) is { Length: > 0 } list ? list : null,
            _ => null,
        };
    }

    /// <summary>Returns the texts of a list; none when it is absent.</summary>
    public IEnumerable<string> Texts(string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(NameOf)
            : [];

    private static SlackEventKind KindOf(string? subject, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return SlackEventKind.Unknown;
        }

        if (json.TryGetProperty("CSRInfo", out _))
        {
            return json.TryGetProperty("Reason", out _) ? SlackEventKind.Rejected : SlackEventKind.Unknown;
        }

        if (!json.TryGetProperty("CertificateInfo", out _))
        {
            bool hasFailed = json.TryGetProperty("File", out _) && json.TryGetProperty("Entry", out _) && json.TryGetProperty("Reason", out _);
            return json.TryGetProperty("Revoked", out _) ? SlackEventKind.Revoked
                : hasFailed ? SlackEventKind.RevocationFailed
                : SlackEventKind.Unknown;
        }

        bool saysExpired = subject?.Contains("expired", StringComparison.OrdinalIgnoreCase) ?? false;
        bool hasDays = json.TryGetProperty("DaysRemaining", out JsonElement days) && days.ValueKind != JsonValueKind.Null;
        bool isOver = WholeNumber.TryRead(days, out BigInteger left) && left <= 0;
        return saysExpired || isOver ? SlackEventKind.Expired
            : hasDays ? SlackEventKind.ExpiryWarning
            : SlackEventKind.Issued;
    }

    // Alternative names are {type, value} or, in old messages, text.
    private static string NameOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Object when element.TryGetProperty("value", out JsonElement value) && value.ValueKind == JsonValueKind.String => value.GetString()!,
        _ => element.GetRawText(),
    };
}

/// <summary>Writes JSON without escapes that it does not need: Slack reads UTF-8 and no HTML.</summary>
internal static class SlackJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one object.</summary>
    public static string Object(Action<Utf8JsonWriter> members) => Write(Compact, writer =>
    {
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
    });

    /// <summary>Writes a value indented, for people.</summary>
    public static string Indented(JsonElement json) => Write(Compact with { Indented = true, NewLine = "\n" }, json.WriteTo);

    private static string Write(JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
