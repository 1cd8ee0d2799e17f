using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Delivery;

/// <summary>Reads and writes an event as JSON with <c>Id</c>, <c>Subject</c>, <c>Time</c> (UTC) and <c>Message</c>. The
/// queue and webhooks use the same form.</summary>
internal static class EventFile
{
    private const int MaxBytes = 64 << 20; // our decision: far over the largest CSR
    private const int IdDigits = 32;       // 128 bits of SHA-256: two events never share a file
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns the part of a file's name that stands for the event.</summary>
    public static string DigitsOf(string id) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..IdDigits];

    /// <summary>Returns the event as bytes.</summary>
    /// <param name="queued">The event to write.</param>
    /// <param name="more">Further members, which stand before the message.</param>
    public static byte[] Write(QueuedEvent queued, params ReadOnlySpan<(string Name, string Value)> more)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("Id", queued.Id);
            json.WriteString("Subject", queued.Subject);
            json.WriteString("Time", Text(queued.Time));
            foreach ((string name, string value) in more)
            {
                json.WriteString(name, value);
            }

            json.WritePropertyName("Message");
            json.WriteRawValue(queued.Message.GetRawText());
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="IOException">The file cannot be read now.</exception>
    /// <exception cref="JsonException">The file holds no event.</exception>
    public static QueuedEvent Read(string path)
    {
        byte[] content = RegularFile.ReadAllBytes(path, MaxBytes) ?? throw new JsonException($"the file has more than {MaxBytes} bytes");
        using JsonDocument json = JsonDocument.Parse(content);
        JsonElement root = json.RootElement;
        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("Message", out JsonElement message)
            ? new QueuedEvent(TextOf(root, "Id"), TextOf(root, "Subject"), TimeOf(root), message.Clone())
            : throw new JsonException("the file holds no event: an object with Id, Subject, Time and Message");
    }

    /// <summary>Writes a time in the form that the files have.</summary>
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

/// <summary>The file of a waiting event, whose name is <c>{time}-{digits of the id}-{runs that failed}.json</c>. Names
/// sort by time. A file of another name, such as one that was moved back by hand, has not failed yet.
/// Immutable.</summary>
internal sealed partial record PendingFile(string Path, int FailedRuns, DateTimeOffset? Queued)
{
    private const string Ending = ".json";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'.'fffffff'Z'";

    /// <summary>Returns the name of a new file.</summary>
    public static string NameOf(DateTimeOffset time, string digits) =>
        $"{time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{digits}-0{Ending}";

    /// <summary>Returns a pattern that finds the event's files, whatever their time.</summary>
    public static string PatternOf(string digits) => $"*-{digits}-*{Ending}";

    /// <summary>Lists the files that wait in a folder: oldest first, those that failed in several runs at the
    /// end.</summary>
    public static IReadOnlyList<PendingFile> In(string folder, int runsInFront) =>
        [.. Directory.EnumerateFiles(folder, $"*{Ending}").Select(Of)
            .OrderBy(file => file.FailedRuns >= runsInFront)
            .ThenBy(file => System.IO.Path.GetFileName(file.Path), StringComparer.Ordinal)];

    /// <summary>Returns the name after one more failed run.</summary>
    public string NextPath() => System.IO.Path.Combine(
        System.IO.Path.GetDirectoryName(Path)!,
        Name().Match(System.IO.Path.GetFileName(Path)) is { Success: true } match
            ? string.Create(CultureInfo.InvariantCulture, $"{match.Groups[1].Value}-{match.Groups[2].Value}-{Math.Min(FailedRuns + 1, 9999)}{Ending}")
            : System.IO.Path.GetFileName(Path));

    private static PendingFile Of(string path)
    {
        Match match = Name().Match(System.IO.Path.GetFileName(path));
        bool dated = DateTimeOffset.TryParseExact(
            match.Groups[1].ValueSpan, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time);
        return match.Success && dated
            ? new PendingFile(path, int.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture), time)
            : new PendingFile(path, FailedRuns: 0, Queued: null);
    }

    [GeneratedRegex(@"\A([0-9T.]{23}Z)-([0-9a-f]{32})-([0-9]{1,4})\.json\z")]
    private static partial Regex Name();
}
