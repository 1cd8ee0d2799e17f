using System.Buffers;
using System.Collections;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Requests;

/// <summary>Reads a file of the internal store that should hold a JSON list.</summary>
internal static class JsonList
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>Reads a file; a missing file is an empty list.</summary>
    /// <returns>The elements; or why the file is no list.</returns>
    public static async Task<ListContent> ReadAsync(
        IInternalFiles files, string key, CancellationToken cancellation)
    {
        try
        {
            return Read(files, key, await files.ReadAsync(key, cancellation));
        }
        catch (FilesUnavailableException unfit) when (unfit.IsUnfit)
        {
            return ListContent.Broken(unfit.Message);
        }
    }

    /// <summary>Reads the content of a file; null: it does not exist.</summary>
    public static ListContent Read(IInternalFiles files, string key, StoredFile? file)
    {
        if (file is null)
        {
            return ListContent.Nothing;
        }

        if (!TextFile.TryReadUtf8(file.Content, out ReadOnlyMemory<byte> utf8, out TextFault? why))
        {
            return ListContent.Broken($"{key} in {files.Location}: {why}");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, Options);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? new ListContent(new JsonElements(document.RootElement.Clone()), fault: null, utf8)
                : ListContent.Broken($"{key} in {files.Location} must hold a JSON list, it holds a {Excerpt.KindOf(document.RootElement)}");
        }
        catch (JsonException fault)
        {
            return ListContent.Broken($"{key} in {files.Location} is not JSON: {JsonFaults.Place(fault)}");
        }
    }
}

/// <summary>Holds what a file has that should be a JSON list. Immutable.</summary>
/// <param name="elements">The elements.</param>
/// <param name="fault">Why the file is no list; null when it is one, or does not exist.</param>
/// <param name="utf8">The text, without a byte order mark.</param>
internal sealed class ListContent(IReadOnlyCollection<JsonElement> elements, string? fault, ReadOnlyMemory<byte> utf8)
{
    private readonly Lazy<IReadOnlyList<int>> lines = new(() => JsonLines.Of(utf8, elements.Count));

    /// <summary>Is the content of a file that does not exist.</summary>
    public static ListContent Nothing { get; } = new([], null, default);

    /// <summary>Gets the elements, in order.</summary>
    public IReadOnlyCollection<JsonElement> Elements => elements;

    /// <summary>Says why the file is no list; null when it is one, or does not exist.</summary>
    public string? Fault => fault;

    /// <summary>Counts how many elements of some length it has at most.</summary>
    /// <param name="leastBytes">The length of the shortest one, with its comma.</param>
    public int CountOf(int leastBytes) => Math.Min(elements.Count, utf8.Length / leastBytes);

    /// <summary>Gets the line on which each element begins, from 1. They are found by a second reading of the text, when somebody asks
    /// for the first time.</summary>
    public IReadOnlyList<int> Lines => lines.Value;

    /// <summary>Makes the content of a file that is no list.</summary>
    public static ListContent Broken(string fault) => new([], fault, default);
}

/// <summary>Goes through the elements of a JSON list, of which none is remembered: half a million numbers fit into 1 MiB.
/// Immutable.</summary>
internal sealed class JsonElements(JsonElement list) : IReadOnlyCollection<JsonElement>
{
    /// <inheritdoc/>
    public int Count { get; } = list.GetArrayLength();

    /// <inheritdoc/>
    public IEnumerator<JsonElement> GetEnumerator() => list.EnumerateArray();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Finds faults of hostile JSON that System.Text.Json leaves to its caller.</summary>
public static class JsonFaults
{
    // Whoever parsed the document has said what it may hold.
    private static readonly JsonReaderOptions AsParsed = new() { MaxDepth = int.MaxValue, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Says where a document is broken, without its content: logs and answers must not repeat input.</summary>
    public static string Place(JsonException fault) => fault.LineNumber is { } line
        ? $"broken at line {line + 1}, byte {(fault.BytePositionInLine ?? 0) + 1}"
        : "too deep or incomplete";

    /// <summary>Says whether every name and text can be read: <c>"\ud800"</c> alone is legal JSON but not Unicode.</summary>
    public static bool IsUnicode(JsonElement json)
    {
        ReadOnlySpan<byte> written = JsonMarshal.GetRawUtf8Value(json);
        try
        {
            return IsPlain(written) || AreTextsUnicode(written);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    // Only a text with escapes becomes a string: there may be a hundred thousand others, or one of a megabyte.
    private static bool AreTextsUnicode(ReadOnlySpan<byte> written)
    {
        var reader = new Utf8JsonReader(written, AsParsed);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsPlain(reader.ValueSpan))
            {
                reader.GetString();
            }
        }

        return true;
    }

    private static bool IsPlain(ReadOnlySpan<byte> written) => !written.Contains((byte)'\\') && Utf8.IsValid(written);
}

/// <summary>Writes equal JSON as one text: members sorted by name, the last of equal names counts, no white space. Our
/// decision, after RFC 8785; numbers keep their digits.</summary>
public static class CanonicalJson
{
    /// <summary>Computes SHA-256 of the canonical text followed by <paramref name="more"/>, in lower-case hex.</summary>
    public static string Hash(JsonElement json, params ReadOnlySpan<ReadOnlyMemory<byte>> more)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(json, writer);
        }

        foreach (ReadOnlyMemory<byte> part in more)
        {
            buffer.Write("\0"u8);
            buffer.Write(part.Span);
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write(JsonElement json, Utf8JsonWriter writer)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(json, writer);
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in json.EnumerateArray())
                {
                    Write(item, writer);
                }

                writer.WriteEndArray();
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }

    private static void WriteObject(JsonElement json, Utf8JsonWriter writer)
    {
        var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty member in json.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        writer.WriteStartObject();
        foreach ((string name, JsonElement value) in members)
        {
            writer.WritePropertyName(name);
            Write(value, writer);
        }

        writer.WriteEndObject();
    }
}
