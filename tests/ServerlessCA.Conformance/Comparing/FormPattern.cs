using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Comparing;

/// <summary>What an expected form may say where no one text is right: the wording of our own messages, say.</summary>
internal static class FormPattern
{
    private const string PartName = "$contains";
    private const string TextsName = "$texts";
    private const string StartName = "$begins";
    private const string AnyName = "$any";

    /// <summary>Whatever the value is, as long as there is one.</summary>
    public static JsonObject Any() => new() { [AnyName] = true };

    /// <summary>A text that has a part in it, whatever its case.</summary>
    public static JsonObject Containing(string part) => new() { [PartName] = part };

    /// <summary>A text that begins like this and is at most so long.</summary>
    public static JsonObject Beginning(string start, int longest) => new() { [StartName] = new JsonArray(start, longest) };

    /// <summary>A list of this many texts, none of them empty.</summary>
    public static JsonObject Texts(int count) => new() { [TextsName] = count };

    /// <summary>Whether a form is a pattern.</summary>
    public static bool IsPattern(JsonObject form) =>
        form.Count == 1 && form.First().Key is PartName or TextsName or StartName or AnyName;

    /// <summary>Whether a value is what a pattern asks for.</summary>
    public static bool Matches(JsonObject pattern, JsonNode? actual)
    {
        (string kind, JsonNode? wanted) = pattern.First();
        return kind switch
        {
            AnyName => true,
            TextsName => actual is JsonArray texts && texts.Count == wanted!.GetValue<int>() && texts.All(text => Text(text).Length > 0),
            StartName => Text(actual).StartsWith(wanted![0]!.GetValue<string>(), StringComparison.Ordinal)
                && Text(actual).Length <= wanted[1]!.GetValue<int>(),
            _ => Text(actual).Contains(wanted!.GetValue<string>(), StringComparison.OrdinalIgnoreCase),
        };
    }

    private static string Text(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";
}
