using System.Text.Json;

namespace ServerlessCA.Core.Requests;

/// <summary>Input as messages repeat it: short, whatever was sent.</summary>
internal static class Excerpt
{
    private const int MaxLength = 200; // characters; our decision

    public static string Of(string text) => OfAtMost(text, MaxLength);

    // Another name, as a default value would make Select(Excerpt.Of) take places for lengths.
    public static string OfAtMost(string text, int maxLength) =>
        text.Length <= maxLength ? text : $"{Cut(text, maxLength)}… ({text.Length} characters)";

    public static string KindOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => "number",
        JsonValueKind.Array => "list",
        JsonValueKind.Object => "map",
        JsonValueKind.Null => "null",
        _ => "text",
    };

    // Never between the halves of a surrogate pair: the answer must stay Unicode.
    private static string Cut(string text, int length) => char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
}
