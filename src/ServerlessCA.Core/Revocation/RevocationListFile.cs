using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>Edits the text of <c>revoked.json</c> for people who revoke by pull request: one entry more, no duplicates
/// but a graver reason in place of the old one (SPEC 12.20), everything else as it was, with the indentation, the line ends and the byte order mark that the file has.</summary>
public static class RevocationListFile
{
    private const int DefaultIndent = 4; // spaces; as the examples have it
    private const string ByteOrderMark = "\uFEFF";

    /// <summary>Adds an entry.</summary>
    /// <param name="text">The file; empty when there is none yet.</param>
    /// <param name="entry">What to revoke.</param>
    /// <param name="edited">The new text; the given one when the entry is in it already, with a reason that is no less grave.</param>
    /// <param name="why">Else why the file cannot be edited.</param>
    public static bool TryAdd(
        string text, RevocationEntry entry, [NotNullWhen(true)] out string? edited, [NotNullWhen(false)] out string? why)
    {
        edited = null;
        bool marked = text.StartsWith(ByteOrderMark, StringComparison.Ordinal);
        if (!TryParse(marked ? text[1..] : text, out JsonArray? list, out why))
        {
            return false;
        }

        JsonObject? there = list.FirstOrDefault(element => IsSame(element, entry))?.AsObject();
        if (there is not null && !RevocationReasons.IsGraver(entry.Reason, ReasonOf(there)))
        {
            edited = text;
            return true;
        }

        JsonObject listed = there ?? new JsonObject { ["common_name"] = entry.CommonName, ["serial_number"] = entry.SerialNumber.ToString() };
        if (entry.Reason != RevocationReason.Unspecified)
        {
            listed["reason"] = RevocationReasons.Name(entry.Reason);
        }

        if (there is null)
        {
            list.Add((JsonNode)listed);
        }

        edited = (marked ? ByteOrderMark : "") + Write(list, text);
        return true;
    }

    private static bool TryParse(string text, [NotNullWhen(true)] out JsonArray? list, [NotNullWhen(false)] out string? why)
    {
        list = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(string.IsNullOrWhiteSpace(text) ? "[]" : text);
            JsonElement json = document.RootElement;
            why = json.ValueKind != JsonValueKind.Array ? "it must hold a JSON list"
                : !Requests.JsonFaults.IsUnicode(json) ? @"it has half a character, such as \ud800, which cannot be written again"
                : null;
            list = why is null ? JsonArray.Create(json.Clone()) : null;
        }
        catch (JsonException fault)
        {
            why = $"it is not JSON: {Requests.JsonFaults.Place(fault)}";
        }

        return list is not null && why is null;
    }

    private static RevocationReason ReasonOf(JsonObject listed) =>
        listed["reason"] is JsonValue value && value.TryGetValue(out string? name) && RevocationReasons.TryParse(name, out RevocationReason reason)
            ? reason
            : RevocationReason.Unspecified;

    private static bool IsSame(JsonNode? element, RevocationEntry entry)
    {
        using JsonDocument document = JsonDocument.Parse(element?.ToJsonString() ?? "null");
        JsonElement json = document.RootElement;
        return json.ValueKind == JsonValueKind.Object
            && json.EnumerateObject().CountBy(member => member.Name).All(name => name.Value == 1) // else nobody knows what it says
            && json.TryGetProperty("common_name", out JsonElement name) && name.ValueKind == JsonValueKind.String
            && name.ValueEquals(entry.CommonName)
            && json.TryGetProperty("serial_number", out JsonElement serial)
            && SerialNumberText.TryRead(serial, out SerialReading reading) && reading.Number == entry.SerialNumber;
    }

    private static string Write(JsonArray list, string like)
    {
        (char character, int size) = IndentOf(like);
        string newLine = like.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        using var buffer = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Indented = true, IndentCharacter = character, IndentSize = size, NewLine = newLine,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            list.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + newLine;
    }

    private static (char Character, int Size) IndentOf(string text)
    {
        string? line = text.Split('\n').FirstOrDefault(line => line.Length > 0 && line[0] is (' ' or '\t') && !string.IsNullOrWhiteSpace(line));
        int size = line is null ? DefaultIndent : line.Length - line.TrimStart(line[0]).Length;
        return size is > 0 and <= 8 ? (line?[0] ?? ' ', size) : (' ', DefaultIndent);
    }
}
