using System.Text.Json;

namespace ServerlessCA.Local.Settings;

/// <summary>One JSON object of the settings, read strictly: what is there must be known and of the right type.
/// A key that is absent or null has its default.</summary>
internal sealed class SettingsObject
{
    private readonly string file;
    private readonly string prefix;
    private readonly Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);

    public SettingsObject(string file, string prefix, JsonElement json, IReadOnlyCollection<string> known)
    {
        this.file = file;
        this.prefix = prefix;
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Problem(prefix.TrimEnd('.'), "an object, such as { … }", json);
        }

        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                throw new SettingsUnusableException(
                    $"'{file}': there is no setting '{prefix}{property.Name}'. The settings are: {string.Join(", ", known)}.");
            }

            if (property.Value.ValueKind != JsonValueKind.Null)
            {
                values[property.Name] = property.Value;
            }
        }
    }

    public SettingsObject? Object(string key, IReadOnlyCollection<string> known) =>
        values.TryGetValue(key, out JsonElement json) ? new SettingsObject(file, $"{prefix}{key}.", json, known) : null;

    /// <summary>A text that <paramref name="fits"/>; an empty one counts as absent.</summary>
    public string? Text(string key, string expected, Func<string, bool> fits) => Read(key, expected, json =>
        json.ValueKind == JsonValueKind.String && json.GetString() is { } text && (text.Length == 0 || fits(text)) ? text : null)
        is { Length: > 0 } found ? found : null;

    /// <summary>A whole number between two bounds, both included.</summary>
    public int? Number(string key, int min, int max) => Read<int?>(key, $"a whole number from {min} to {max}", json =>
        AsNumber(json, min, max));

    /// <summary>True or false.</summary>
    public bool? Flag(string key) => Read<bool?>(key, "true or false", json => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    });

    /// <summary>A list of texts that all fit.</summary>
    public string[]? Texts(string key, string expected, Func<string, bool> fits) => Read(key, expected, json => List(
        json, item => item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 } text && fits(text) ? text : null));

    /// <summary>A list of whole numbers between two bounds.</summary>
    public int[]? Numbers(string key, int min, int max) => Read(
        key, $"a list of whole numbers from {min} to {max}", json => List(json, item => AsNumber(item, min, max)))?
        .Select(number => number!.Value).ToArray();

    /// <summary>A value as it is; undefined when there is none.</summary>
    public JsonElement Json(string key) => values.GetValueOrDefault(key);

    /// <summary>Says that a setting's value does not do.</summary>
    public SettingsUnusableException Problem(string key, string expected) => values.TryGetValue(key, out JsonElement json)
        ? Problem($"{prefix}{key}", expected, json)
        : new SettingsUnusableException($"'{file}': setting '{prefix}{key}' is missing; expected is {expected}.");

    private T? Read<T>(string key, string expected, Func<JsonElement, T?> read) => values.TryGetValue(key, out JsonElement json)
        ? read(json) ?? throw Problem($"{prefix}{key}", expected, json)
        : default;

    private static int? AsNumber(JsonElement json, int min, int max) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int number) && number >= min && number <= max ? number : null;

    private static T[]? List<T>(JsonElement json, Func<JsonElement, T?> read)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        T?[] items = [.. json.EnumerateArray().Select(read)];
        return Array.TrueForAll(items, item => item is not null) ? [.. items.Select(item => item!)] : null;
    }

    private SettingsUnusableException Problem(string name, string expected, JsonElement json) => new(
        $"'{file}': {(name.Length == 0 ? "the file" : $"setting '{name}'")} is {json.GetRawText()}; expected is {expected}.");
}
