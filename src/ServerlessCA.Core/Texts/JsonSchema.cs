using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Core.Texts;

/// <summary>Builds JSON Schemas of the files that people write, so that editors complete and check them. They are of draft-07: VS Code
/// and the editors of JetBrains complete by it best, and by later drafts only in part. A null stands for an absent value everywhere, as
/// the readers take it.</summary>
public static class JsonSchema
{
    /// <summary>Matches an object identifier in its only form (X.660 §7.6), without anchors.</summary>
    public const string Oid = @"(?:[01]\.(?:[0-9]|[1-3][0-9])|2\.(?:0|[1-9][0-9]*))(?:\.(?:0|[1-9][0-9]*))*";

    private const string Draft = "http://json-schema.org/draft-07/schema#";

    private static readonly JsonWriterOptions Readable = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for people; never put into HTML
        NewLine = "\n",
    };

    /// <summary>Writes a whole schema.</summary>
    /// <param name="title">What the file is, in a few words.</param>
    /// <param name="description">What it is for, in a sentence or two.</param>
    /// <param name="body">What the file holds.</param>
    public static string Write(string title, string description, JsonObject body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var schema = new JsonObject { ["$schema"] = Draft, ["title"] = title, ["description"] = description };
        foreach ((string key, JsonNode? value) in body)
        {
            schema[key] = value?.DeepClone();
        }

        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, Readable))
        {
            schema.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(text.ToArray()) + "\n";
    }

    /// <summary>Returns a schema with a description in front.</summary>
    public static JsonObject Described(JsonObject schema, string description)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var described = new JsonObject { ["description"] = description };
        foreach ((string key, JsonNode? value) in schema)
        {
            described[key] = value?.DeepClone();
        }

        return described;
    }

    /// <summary>Makes a schema of text.</summary>
    /// <param name="pattern">What the whole text must match; null: anything.</param>
    /// <param name="greatest">How many characters it may have; null: no limit.</param>
    public static JsonObject Text(string? pattern = null, int? greatest = null)
    {
        var text = new JsonObject { ["type"] = Words(["string", "null"]) };
        if (pattern is not null)
        {
            text["pattern"] = $"^(?:{pattern})$";
        }

        if (greatest is { } limit)
        {
            text["maxLength"] = limit;
        }

        return text;
    }

    /// <summary>Makes a schema of text that is not empty; null is refused.</summary>
    /// <param name="pattern">What the whole text must match; null: anything.</param>
    public static JsonObject Name(string? pattern = null) => pattern is null
        ? new JsonObject { ["type"] = "string", ["minLength"] = 1 }
        : new JsonObject { ["type"] = "string", ["pattern"] = $"^(?:{pattern})$" };

    /// <summary>Makes a schema of true and false.</summary>
    public static JsonObject Flag() => new() { ["type"] = Words(["boolean", "null"]) };

    /// <summary>Makes a schema of true and false, which may be text, too.</summary>
    /// <param name="pattern">The texts.</param>
    public static JsonObject FlagOrText(string pattern) => new() { ["type"] = Words(["boolean", "string", "null"]), ["pattern"] = $"^(?:{pattern})$" };

    /// <summary>Makes a schema of whole numbers between two bounds, both included.</summary>
    public static JsonObject Whole(int least, int greatest) =>
        new() { ["type"] = Words(["integer", "null"]), ["minimum"] = least, ["maximum"] = greatest };

    /// <summary>Makes a schema of fixed words.</summary>
    public static JsonObject OneOf(IEnumerable<string> words) => new() { ["enum"] = Words(words) };

    /// <summary>Makes a schema of fixed words or other text.</summary>
    /// <param name="words">The words, which editors offer.</param>
    /// <param name="pattern">What the whole of other text must match.</param>
    public static JsonObject OneOf(IEnumerable<string> words, string pattern) => Any(OneOf(words), Name(pattern));

    /// <summary>Makes a schema of a list.</summary>
    /// <param name="element">What each element is.</param>
    /// <param name="most">How many elements it may have; null: no limit.</param>
    public static JsonObject List(JsonObject element, int? most = null)
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = element };
        if (most is { } limit)
        {
            list["maxItems"] = limit;
        }

        return list;
    }

    /// <summary>Makes a schema of whatever one of several takes.</summary>
    public static JsonObject Any(params IReadOnlyList<JsonObject> kinds) => new() { ["anyOf"] = new JsonArray([.. kinds.SelectMany(Alternatives)]) };

    /// <summary>Makes a schema of null alone.</summary>
    public static JsonObject Null() => new() { ["type"] = "null" };

    /// <summary>Makes a schema of an object without other keys than these.</summary>
    /// <param name="properties">The keys and what they hold.</param>
    /// <param name="required">The keys that must be there.</param>
    /// <param name="remarks">Whether keys that begin with <c>$</c> or <c>_</c>, and <c>comment</c>, may hold anything (contract
    /// 12.24).</param>
    public static JsonObject Object(JsonObject properties, IReadOnlyList<string> required, bool remarks)
    {
        ArgumentNullException.ThrowIfNull(properties);
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
        {
            schema["required"] = Words(required);
        }

        if (remarks)
        {
            properties["comment"] = new JsonObject { ["description"] = "A remark for people; the CA ignores it, as it does keys that begin with $ or _." };
            schema["patternProperties"] = new JsonObject { ["^[$_]"] = new JsonObject() };
        }

        schema["additionalProperties"] = false;
        return schema;
    }

    /// <summary>Makes the schema of the key by which an object names its schema.</summary>
    public static JsonObject Itself() => new()
    {
        ["description"] = "Where the JSON Schema of this object is, for editors; the CA ignores it.",
        ["type"] = "string",
    };

    /// <summary>Makes a pattern that matches a word in any case.</summary>
    public static string AnyCase(string word) => string.Concat(word.Select(letter =>
        char.IsAsciiLetter(letter) ? $"[{char.ToUpperInvariant(letter)}{char.ToLowerInvariant(letter)}]" : $"{letter}"));

    // One that is alternatives itself adds these.
    private static IEnumerable<JsonNode?> Alternatives(JsonObject kind) =>
        kind.Count == 1 && kind["anyOf"] is JsonArray inner ? inner.Select(one => one!.DeepClone()) : [kind];

    private static JsonArray Words(IEnumerable<string> words) => new([.. words.Select(word => (JsonNode?)word)]);
}
