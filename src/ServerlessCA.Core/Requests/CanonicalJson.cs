using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace ServerlessCA.Core.Requests;

/// <summary>One text for equal JSON: members sorted by name, the last of equal names counts, no white space.
/// Our decision, after RFC 8785; numbers keep their digits.</summary>
public static class CanonicalJson
{
    /// <summary>Lower-case hex SHA-256 of the canonical text followed by <paramref name="more"/>.</summary>
    public static string Hash(JsonElement json, params ReadOnlySpan<ReadOnlyMemory<byte>> more)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(json, writer);
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(buffer.WrittenSpan);
        foreach (ReadOnlyMemory<byte> part in more)
        {
            hash.AppendData("\0"u8);
            hash.AppendData(part.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
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
