using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Core.Requests;

/// <summary>Edits the text of a JSON list that people write: an added element looks like the last one, and nothing else
/// changes. Immutable.</summary>
internal sealed class ListText
{
    private const string Indent = "  "; // when neither the list nor the caller says how

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly byte[] utf8;
    private readonly string newLine;
    private readonly string indent;
    private int open; // the offset behind the opening bracket
    private int start; // the offset of the last element that was read
    private int end; // the offset behind that element, or behind the opening bracket
    private string lead = ""; // the white space between two elements
    private ObjectLayout layout;

    private ListText(string text, string indent)
    {
        utf8 = Encoding.UTF8.GetBytes(text);
        this.indent = indent;
        newLine = NewLineOf(text);
        layout = new ObjectLayout($"{newLine}{indent}{indent}", $"{newLine}{indent}{indent}", $"{newLine}{indent}", " ");
    }

    /// <summary>Returns what ends the lines of a text.</summary>
    public static string NewLineOf(string text) => text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    /// <summary>Reads a list that is to be edited.</summary>
    /// <param name="text">The text, without byte order mark.</param>
    /// <param name="list">The parsed list.</param>
    /// <param name="fault">Why it cannot be edited; null when it can.</param>
    public static bool TryParse(string text, out JsonElement list, [NotNullWhen(false)] out ListFault? fault)
    {
        list = default;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            list = document.RootElement.Clone();
            fault = list.ValueKind != JsonValueKind.Array ? new ListFault.NoList()
                : !JsonFaults.IsUnicode(list) ? new ListFault.HalfCharacter()
                : null;
        }
        catch (JsonException broken)
        {
            fault = new ListFault.NoJson(JsonFaults.Place(broken));
        }

        return fault is null;
    }

    /// <summary>Adds an element at the end.</summary>
    /// <param name="text">A well-formed list, without byte order mark.</param>
    /// <param name="element">The element to add.</param>
    /// <param name="indent">The indent where the list has no element yet.</param>
    public static string Add(string text, JsonObject element, string indent = Indent)
    {
        var list = new ListText(text, indent);
        list.Look(int.MaxValue);
        return list.With(element);
    }

    /// <summary>Replaces an element by another, in the same layout.</summary>
    /// <param name="text">A well-formed list, without byte order mark.</param>
    /// <param name="index">The element's number, from 0; it must be an object.</param>
    /// <param name="element">The new element.</param>
    public static string Replace(string text, int index, JsonObject element)
    {
        var list = new ListText(text, Indent);
        list.Look(index);
        return list.Put(list.start, list.layout.Write(element), list.end);
    }

    private string With(JsonObject element)
    {
        bool isEmpty = end == open;
        return isEmpty
            ? Put(end, $"{newLine}{indent}{layout.Write(element)}{newLine}", Array.IndexOf(utf8, (byte)']', end))
            : Put(end, $",{lead}{layout.Write(element)}", end);
    }

    private string Put(int from, string added, int to) =>
        Encoding.UTF8.GetString(utf8, 0, from) + added + Encoding.UTF8.GetString(utf8, to, utf8.Length - to);

    // Of a long list only the last element's layout is made into texts.
    private void Look(int last)
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        open = end = (int)reader.BytesConsumed;
        int count = 0, before = open;
        LayoutPlaces? places = null;
        for (; count <= last && reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            before = end;
            start = (int)reader.TokenStartIndex;
            places = PlacesOf(ref reader, places, before);
            end = (int)reader.BytesConsumed;
        }

        if (count > 0)
        {
            lead = LeadOf(before, start);
            layout = places is { } known ? LayoutAt(known) : layout;
        }
    }

    // An object without members says nothing about the layout.
    private static LayoutPlaces? PlacesOf(ref Utf8JsonReader reader, LayoutPlaces? before, int endOfLast)
    {
        var places = new LayoutPlaces(endOfLast, (int)reader.TokenStartIndex);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return places;
        }

        int last = (int)reader.BytesConsumed;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int name = (int)reader.TokenStartIndex;
            (int, int) gap = (last, name);
            places = places.First is null ? places with { First = gap } : places with { Next = gap };
            reader.Read();
            places = places with { Member = (name, (int)reader.TokenStartIndex) };
            reader.Skip();
            last = (int)reader.BytesConsumed;
        }

        return places.First is null ? before : places with { Last = (last, (int)reader.TokenStartIndex) };
    }

    private ObjectLayout LayoutAt(LayoutPlaces places)
    {
        if (places.First is not { } at)
        {
            string around = LeadOf(places.From, places.To);
            return around.Contains('\n', StringComparison.Ordinal) ? new ObjectLayout($"{around}{indent}", $"{around}{indent}", around, " ") : ObjectLayout.OneLine;
        }

        string first = Gap(at.From, at.To);
        string next = places.Next is { } between ? Gap(between.From, between.To) : first.Contains('\n', StringComparison.Ordinal) ? first : " ";
        string colon = Encoding.UTF8.GetString(utf8, places.Member.From, places.Member.To - places.Member.From).Split(':')[^1];
        return new ObjectLayout(first, next, Gap(places.Last.From, places.Last.To), colon);
    }

    // The white space before an element; a first one may have none.
    private string LeadOf(int from, int to) => from == open && from == to ? " " : Gap(from, to);

    private string Gap(int from, int to) => Encoding.UTF8.GetString(utf8, from, to - from).Replace(",", "", StringComparison.Ordinal);

    /// <summary>Says where the layout of an element is found, by offsets.</summary>
    /// <param name="From">Behind the element before.</param>
    /// <param name="To">Where it begins.</param>
    private readonly record struct LayoutPlaces(int From, int To)
    {
        /// <summary>Gets the white space before the first member; null: it has none, or is no object.</summary>
        public (int From, int To)? First { get; init; }

        /// <summary>Gets that before the last of several members.</summary>
        public (int From, int To)? Next { get; init; }

        /// <summary>Gets the last member up to its value.</summary>
        public (int From, int To) Member { get; init; }

        /// <summary>Gets the white space behind the last member.</summary>
        public (int From, int To) Last { get; init; }
    }

    /// <summary>Holds the white space of an object: before its first member, before each other one, before its end, and behind
    /// colons.</summary>
    private sealed record ObjectLayout(string First, string Next, string Last, string Colon)
    {
        public static ObjectLayout OneLine { get; } = new(" ", " ", " ", " ");

        public string Write(JsonObject element) =>
            $"{{{First}{string.Join($",{Next}", element.Select(Member))}{Last}}}";

        private string Member(KeyValuePair<string, JsonNode?> member) =>
            $"{Leaf(JsonValue.Create(member.Key))}:{Colon}{Value(member.Value)}";

        // Lists and objects in an entry are short, so they stay on one line.
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

/// <summary>Says why a text is no list that can be edited. Immutable.</summary>
internal abstract record ListFault
{
    private ListFault()
    {
    }

    /// <summary>The text holds something else than a list.</summary>
    public sealed record NoList : ListFault;

    /// <summary>The text has half a character, such as <c>\ud800</c>, which cannot be written again.</summary>
    public sealed record HalfCharacter : ListFault;

    /// <summary>The text is not JSON.</summary>
    /// <param name="Place">Where it is broken.</param>
    public sealed record NoJson(string Place) : ListFault;
}
