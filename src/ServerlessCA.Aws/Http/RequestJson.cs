using System.Buffers;
using System.Text.Json;

namespace ServerlessCA.Aws.Http;

/// <summary>Writes the JSON of requests.</summary>
internal static class RequestJson
{
    /// <summary>One object as UTF-8.</summary>
    public static byte[] Object(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
