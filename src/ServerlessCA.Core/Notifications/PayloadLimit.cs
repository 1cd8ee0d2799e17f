using System.Globalization;
using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Notifications;

/// <summary>Shortens a payload to what a topic carries: leaves out what is largest, and says so in the payload. A shortened
/// notification is better than one that is refused for its size.</summary>
public static class PayloadLimit
{
    /// <summary>Limits a topic's message in bytes of UTF-8, with all that wraps the payload (Amazon SNS quotas: 256
    /// KB).</summary>
    public const int TopicBytes = 262_144;

    /// <summary>Leaves bytes free for subject, id and other attributes; our decision.</summary>
    public const int EnvelopeBytes = 8_192;

    /// <summary>Names the member that says what was left out and where to find it.</summary>
    public const string NoteName = "Note";

    private const string Where =
        "The certificate is in the CA's table under its CommonName and SerialNumber; the CSR is with whoever handed it in.";

    /// <summary>Returns the payload as it is, or a shorter one with a <c>Note</c>.</summary>
    /// <param name="json">A payload of contract section 8.</param>
    /// <returns>JSON that <see cref="Size"/> counts as at most <see cref="TopicBytes"/> less <see cref="EnvelopeBytes"/>; the
    /// very same text when it fits.</returns>
    public static string Fit(string json) => Fit(json, TopicBytes - EnvelopeBytes);

    /// <summary>Does the same for another limit.</summary>
    /// <param name="json">A payload of contract section 8.</param>
    /// <param name="maxBytes">Bytes as <see cref="Size"/> counts them; at least 1,024.</param>
    public static string Fit(string json, int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1024);
        int bytes = Size(json);
        return bytes <= maxBytes ? json : Shorten(json, bytes, maxBytes);
    }

    /// <summary>Counts the bytes of a payload on its way: as UTF-8 within a JSON text (<c>{"default": "…"}</c>), where each quote
    /// and each backslash takes one more. A notifier that wraps it must not escape more than JSON asks for.</summary>
    public static int Size(string json) =>
        Encoding.UTF8.GetByteCount(json) + json.AsSpan().Count('"') + json.AsSpan().Count('\\');

    private static string Shorten(string json, int bytes, int maxBytes)
    {
        var payload = new ShortenedPayload(json);
        while (payload.Shorten())
        {
            string shorter = payload.Text(Note(payload, bytes));
            if (Size(shorter) <= maxBytes)
            {
                return shorter;
            }
        }

        return ContractJson.Object(writer =>
            writer.WriteString(NoteName, $"A payload of {bytes} bytes was left out: it is over what a topic carries. {Where}"));
    }

    private static string Note(ShortenedPayload payload, int bytes) =>
        $"Shortened from {bytes} bytes to fit a topic: {string.Join(", ", payload.Done)}. {Where}";
}

/// <summary>Makes a payload shorter step by step: each step leaves out or cuts what is largest, the encoded certificate or CSR
/// first. Members keep their names and types, so that receivers find what they look for.</summary>
internal sealed class ShortenedPayload
{
    private const string EncodedPrefix = "Base64";

    // Our decision: longest texts (characters) and lists (elements) of each further step.
    private static readonly (int Text, int List)[] Cuts = [(4096, 1000), (1024, 100), (256, 20), (64, 5)];

    private readonly JsonElement root;
    private readonly List<string> done = [];
    private readonly HashSet<string> emptied = [];
    private readonly Queue<string> encoded;
    private int cuts;

    public ShortenedPayload(string json)
    {
        root = Parse(json);
        encoded = new(Members(root)
            .Where(member => member.Value.ValueKind == JsonValueKind.String && member.Name.StartsWith(EncodedPrefix, StringComparison.Ordinal))
            .OrderByDescending(member => member.Value.GetString()!.Length).Select(member => member.Name).Distinct());
    }

    /// <summary>Lists what has been left out so far, for people.</summary>
    public IReadOnlyList<string> Done => done;

    /// <summary>Takes one more step.</summary>
    /// <returns>False when there is nothing left to shorten.</returns>
    public bool Shorten()
    {
        if (encoded.TryDequeue(out string? name))
        {
            emptied.Add(name);
            done.Add($"{name} left out");
            return true;
        }

        if (cuts == Cuts.Length || root.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        done.RemoveAll(note => note.StartsWith("texts", StringComparison.Ordinal));
        done.Add(string.Create(CultureInfo.InvariantCulture, $"texts cut to {Cuts[cuts].Text} characters, lists to {Cuts[cuts].List} elements"));
        cuts++;
        return true;
    }

    /// <summary>Writes the payload as it is now, with a note.</summary>
    public string Text(string note) => ContractJson.Object(writer =>
    {
        WriteMembers(writer, root, isTop: true);
        writer.WriteString(PayloadLimit.NoteName, note);
    });

    private int MaxText => cuts == 0 ? int.MaxValue : Cuts[cuts - 1].Text;

    private int MaxList => cuts == 0 ? int.MaxValue : Cuts[cuts - 1].List;

    private void WriteMembers(Utf8JsonWriter writer, JsonElement json, bool isTop)
    {
        foreach (JsonProperty member in Members(json).Take(MaxList))
        {
            if (isTop && member.Name == PayloadLimit.NoteName)
            {
                continue;
            }

            writer.WritePropertyName(Cut(member.Name));
            if (isTop && emptied.Contains(member.Name))
            {
                writer.WriteStringValue("");
            }
            else
            {
                Write(writer, member.Value);
            }
        }
    }

    private void Write(Utf8JsonWriter writer, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                WriteMembers(writer, json, isTop: false);
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement element in json.EnumerateArray().Take(MaxList))
                {
                    Write(writer, element);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Cut(json.GetString()!));
                break;
            case JsonValueKind.Number when json.GetRawText().Length > MaxText:
                writer.WriteStringValue(Cut(json.GetRawText()));
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }

    // Never cuts a surrogate pair.
    private string Cut(string text)
    {
        if (text.Length <= MaxText)
        {
            return text;
        }

        int end = MaxText - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object ? json.EnumerateObject() : default;

    private static JsonElement Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return JsonFaults.IsUnicode(document.RootElement) ? document.RootElement.Clone() : default;
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            // It is no JSON, or has half a surrogate pair, which is no text.
            return default;
        }
    }
}
