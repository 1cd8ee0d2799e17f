using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Conformance.Scenarios;

/// <summary>JSON as scenarios have it: what a caller can send and .NET does not write, such as half a surrogate pair,
/// must reach the product all the same.</summary>
internal static class RawJson
{
    /// <summary>Whether a text is Unicode.</summary>
    public static bool IsReadable(JsonValue text) => !text.TryGetValue(out JsonElement element) || JsonFaults.IsUnicode(element);

    /// <summary>The JSON text, every value as it was written.</summary>
    public static string Text(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject map => $"{{{string.Join(',', map.Select(member => $"{JsonSerializer.Serialize(member.Key)}:{Text(member.Value)}"))}}}",
        JsonArray list => $"[{string.Join(',', list.Select(Text))}]",
        JsonValue value when value.TryGetValue(out JsonElement element) => element.GetRawText(),
        _ => node.ToJsonString(),
    };
}
