using System.Text.Json;

namespace ServerlessCA.Core.Requests;

/// <summary>Input as messages repeat it: short, whatever was sent.</summary>
internal static class Excerpt
{
    private const int MaxLength = 200; // characters; our decision

    public static string Of(string text) => text.Length <= MaxLength ? text : $"{Cut(text)}… ({text.Length} characters)";

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
    private static string Cut(string text) => char.IsHighSurrogate(text[MaxLength - 1]) ? text[..(MaxLength - 1)] : text[..MaxLength];
}
