using System.Text.Json;

namespace ServerlessCA.Aws.Http;

/// <summary>Reads the JSON of answers, which leave out what they do not have.</summary>
internal static class AnswerJson
{
    /// <summary>A text; null when it is not there.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A whole number; null when it is not there.</summary>
    public static long? Number(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number) ? number : null;

    /// <summary>A time given as seconds since 1970, with a fraction; null when it is not there.</summary>
    public static DateTimeOffset? Time(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Number } value
            ? DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Round(value.GetDouble() * 1000))
            : null;

    /// <summary>The elements of a list; none when it is not there.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    /// <summary>A member; null when it is not there, or when this is no object.</summary>
    public static JsonElement? Member(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) ? value : null;
}
