using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Core.Requests;

/// <summary>The text of a JSON list that people write, and how it is laid out: what is added looks like its last element,
/// and nothing else changes. Immutable.</summary>
internal sealed class ListText
{
    private const string Indent = "  "; // where the list does not say

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly byte[] utf8;
    private readonly string newLine;
    private int open; // behind the opening bracket
    private int end; // behind the last element, or where the opening bracket ends
    private string lead = ""; // between two elements, without the comma
    private ObjectLayout layout;

    private ListText(string text)
    {
        utf8 = Encoding.UTF8.GetBytes(text);
        newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        layout = new ObjectLayout($"{newLine}{Indent}{Indent}", $"{newLine}{Indent}{Indent}", $"{newLine}{Indent}", " ");
    }

    /// <summary>Adds an element at the end.</summary>
    /// <param name="text">A well-formed list, without byte order mark.</param>
    /// <param name="element">The element.</param>
    public static string Add(string text, JsonObject element)
    {
        var list = new ListText(text);
        list.Look();
        return list.With(element);
    }

    private string With(JsonObject element)
    {
        bool isEmpty = end == open;
        string added = isEmpty ? $"{newLine}{Indent}{layout.Write(element)}{newLine}" : $",{lead}{layout.Write(element)}";
        int rest = isEmpty ? Array.IndexOf(utf8, (byte)']', end) : end;
        return Encoding.UTF8.GetString(utf8, 0, end) + added + Encoding.UTF8.GetString(utf8, rest, utf8.Length - rest);
    }

    private void Look()
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        open = end = (int)reader.BytesConsumed;
        for (int count = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            string gap = Gap(end, (int)reader.TokenStartIndex);
            lead = count == 0 && gap.Length == 0 ? " " : gap;
            LookAt(ref reader);
            end = (int)reader.BytesConsumed;
        }
    }

    private void LookAt(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            layout = lead.Contains('\n', StringComparison.Ordinal) ? new ObjectLayout($"{lead}{Indent}", $"{lead}{Indent}", lead, " ") : ObjectLayout.OneLine;
            return;
        }

        int last = (int)reader.BytesConsumed;
        string? first = null, between = null, colon = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string gap = Gap(last, (int)reader.TokenStartIndex);
            (first, between) = first is null ? (gap, between) : (first, gap);
            int name = (int)reader.TokenStartIndex;
            reader.Read();
            colon = Encoding.UTF8.GetString(utf8, name, (int)reader.TokenStartIndex - name).Split(':')[^1];
            reader.Skip();
            last = (int)reader.BytesConsumed;
        }

        if (first is not null)
        {
            string next = between ?? (first.Contains('\n', StringComparison.Ordinal) ? first : " ");
            layout = new ObjectLayout(first, next, Gap(last, (int)reader.TokenStartIndex), colon!);
        }
    }

    private string Gap(int from, int to) => Encoding.UTF8.GetString(utf8, from, to - from).Replace(",", "", StringComparison.Ordinal);

    /// <summary>The white space of an object: before its first member, before each other one, before its end, and behind colons.</summary>
    private sealed record ObjectLayout(string First, string Next, string Last, string Colon)
    {
        public static ObjectLayout OneLine { get; } = new(" ", " ", " ", " ");

        public string Write(JsonObject element) =>
            $"{{{First}{string.Join($",{Next}", element.Select(Member))}{Last}}}";

        private string Member(KeyValuePair<string, JsonNode?> member) =>
            $"{Leaf(JsonValue.Create(member.Key))}:{Colon}{Value(member.Value)}";

        // Lists and objects in an entry are short: on one line.
        private string Value(JsonNode? value) => value switch
        {
            null => "null",
            JsonArray list => $"[{string.Join($",{Blank}", list.Select(Value))}]",
            JsonObject inner => $"{{{Blank}{string.Join($",{Blank}", inner.Select(Member))}{Blank}}}",
            _ => Leaf(value),
        };

        private static string Leaf(JsonNode value)
        {
            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer, Readable))
            {
                value.WriteTo(writer);
            }

            return Encoding.UTF8.GetString(buffer.ToArray());
        }

        private string Blank => Colon.Length > 0 ? " " : "";
    }
}
