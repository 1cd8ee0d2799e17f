using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ServerlessCA.Slack;

/// <summary>Writes JSON with its characters as they are: Slack reads UTF-8 and no HTML.</summary>
internal static class SlackJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One object.</summary>
    public static string Object(Action<Utf8JsonWriter> members) => Write(Compact, writer =>
    {
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
    });

    /// <summary>A value laid out for reading.</summary>
    public static string LaidOut(JsonElement json) => Write(Compact with { Indented = true, NewLine = "\n" }, json.WriteTo);

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
