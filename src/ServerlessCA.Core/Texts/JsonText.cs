using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Core.Texts;

/// <summary>Writes JSON with characters as they are: indented for <c>--output json</c>, without spaces for the API of
/// <c>serve</c>.</summary>
public static class JsonText
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // read by programs as UTF-8, never as HTML
    };

    /// <summary>Writes one object, with the final newline.</summary>
    public static string Object(Action<Utf8JsonWriter> members) => Object(members, Options);

    /// <summary>Writes one object on a line of its own.</summary>
    public static string Line(Action<Utf8JsonWriter> members) => Object(members, Options with { Indented = false });

    /// <summary>Writes one object as UTF-8, without spaces and without a final newline: a body of HTTP.</summary>
    public static byte[] Utf8(Action<Utf8JsonWriter> members) => Bytes(writer => WriteObject(writer, members), Options with { Indented = false });

    /// <summary>Writes any value, with the final newline.</summary>
    public static string Of(JsonNode value) => Text(writer => value.WriteTo(writer), Options);

    /// <summary>Writes a number, or null, as a member of an object.</summary>
    public static void WriteNumber(Utf8JsonWriter writer, string name, int? number)
    {
        if (number is { } known)
        {
            writer.WriteNumber(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    /// <summary>Writes a list of texts as a member of an object.</summary>
    public static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes a list of objects as a member of an object.</summary>
    public static void WriteList<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<T> members)
    {
        writer.WriteStartArray(name);
        foreach (T item in items)
        {
            writer.WriteStartObject();
            members(item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Object(Action<Utf8JsonWriter> members, JsonWriterOptions options) =>
        Text(writer => WriteObject(writer, members), options);

    private static void WriteObject(Utf8JsonWriter writer, Action<Utf8JsonWriter> members)
    {
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
    }

    private static string Text(Action<Utf8JsonWriter> write, JsonWriterOptions options) => Encoding.UTF8.GetString(Bytes(write, options)) + "\n";

    private static byte[] Bytes(Action<Utf8JsonWriter> write, JsonWriterOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            write(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
