using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Delivery;

/// <summary>An event as JSON: <c>Id</c>, <c>Subject</c>, <c>Time</c> (UTC), <c>Message</c>. The same in the queue and for
/// webhooks.</summary>
internal static class EventFile
{
    private const int MaxBytes = 64 << 20; // our decision: far over the largest CSR
    private const int IdDigits = 32;       // 128 bits of SHA-256: two events never share a file
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The part of a file's name that stands for the event.</summary>
    public static string DigitsOf(string id) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..IdDigits];

    /// <summary>The event as bytes.</summary>
    /// <param name="told">The event.</param>
    /// <param name="more">Further texts before the message.</param>
    public static byte[] Write(QueuedEvent told, params ReadOnlySpan<(string Name, string Value)> more)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("Id", told.Id);
            json.WriteString("Subject", told.Subject);
            json.WriteString("Time", Text(told.Time));
            foreach ((string name, string value) in more)
            {
                json.WriteString(name, value);
            }

            json.WritePropertyName("Message");
            json.WriteRawValue(told.Message.GetRawText());
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="IOException">It cannot be read now.</exception>
    /// <exception cref="JsonException">It is no event.</exception>
    public static QueuedEvent Read(string path)
    {
        byte[] content = RegularFile.ReadAllBytes(path, MaxBytes) ?? throw new JsonException($"the file has more than {MaxBytes} bytes");
        using JsonDocument json = JsonDocument.Parse(content);
        JsonElement root = json.RootElement;
        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("Message", out JsonElement message)
            ? new QueuedEvent(TextOf(root, "Id"), TextOf(root, "Subject"), TimeOf(root), message.Clone())
            : throw new JsonException("the file holds no event: an object with Id, Subject, Time and Message");
    }

    /// <summary>A time as the files write it.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static string TextOf(JsonElement json, string name)
    {
        try
        {
            return json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : throw new JsonException($"{name} is missing or no text");
        }
        catch (InvalidOperationException fault)
        {
            throw new JsonException($"{name} is no Unicode text", fault); // such as "\ud800" alone
        }
    }

    private static DateTimeOffset TimeOf(JsonElement json) => DateTimeOffset.TryParseExact(
        TextOf(json, "Time"), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw new JsonException("Time is not such as 2026-03-02T10:20:30.250Z");
}
