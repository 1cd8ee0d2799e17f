using System.Text.Json;
using System.Text.RegularExpressions;

namespace ServerlessCA.Terraform.Tests.Watching;

/// <summary>Matches events as EventBridge does: every field of the pattern must have one of the listed values; of an array in the event
/// one element is enough; <c>$or</c> needs one of its patterns. Content filters, such as prefixes, are not understood here.</summary>
internal static partial class EventPattern
{
    /// <summary>The longest pattern that EventBridge takes, in characters.</summary>
    public const int MaxLength = 2048;

    /// <summary>Whether an event matches.</summary>
    public static bool Matches(string pattern, string json) => Matches(JsonElement.Parse(pattern), JsonElement.Parse(json));

    /// <summary>Makes the message of a target: variables in the template, such as <c>&lt;key&gt;</c>, are replaced by what their paths
    /// find, as it is; nothing, where they find nothing.</summary>
    /// <param name="template">The input template.</param>
    /// <param name="paths">The input paths, such as <c>$.detail.eventName</c>.</param>
    /// <param name="json">The event.</param>
    public static string Transform(string template, JsonElement paths, string json)
    {
        JsonElement source = JsonElement.Parse(json);
        return Variable().Replace(template, match => Find(source, paths.GetProperty(match.Groups[1].Value).GetString()!) is { } found
            ? found.ToString()
            : "");
    }

    private static bool Matches(JsonElement pattern, JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().Any(element => Matches(pattern, element))
        : value.ValueKind == JsonValueKind.Object && pattern.EnumerateObject().All(field => field.Name == "$or"
            ? field.Value.EnumerateArray().Any(one => Matches(one, value))
            : value.TryGetProperty(field.Name, out JsonElement found) && MatchesField(field.Value, found));

    private static bool MatchesField(JsonElement pattern, JsonElement found) => pattern.ValueKind switch
    {
        JsonValueKind.Object => Matches(pattern, found),
        JsonValueKind.Array when found.ValueKind == JsonValueKind.Array => found.EnumerateArray().Any(element => IsListed(pattern, element)),
        JsonValueKind.Array => IsListed(pattern, found),
        _ => throw new ArgumentException($"a field of a pattern is a list or an object, not {pattern}"),
    };

    private static bool IsListed(JsonElement values, JsonElement found) => values.EnumerateArray().Any(value =>
        value.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? throw new ArgumentException($"this filter is not understood here: {value}")
            : JsonElement.DeepEquals(value, found));

    private static JsonElement? Find(JsonElement source, string path)
    {
        JsonElement found = source;
        foreach (Match step in Step().Matches(path))
        {
            string name = step.Groups[1].Value;
            bool isThere = name.Length > 0
                ? found.ValueKind == JsonValueKind.Object && found.TryGetProperty(name, out found)
                : found.ValueKind == JsonValueKind.Array && found.GetArrayLength() > 0;
            if (!isThere)
            {
                return null;
            }

            found = name.Length > 0 ? found : found[0];
        }

        return found;
    }

    [GeneratedRegex("<([A-Za-z0-9-]+)>")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\.([\w-]+)|\[0\]")]
    private static partial Regex Step();
}
