using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Settings;

/// <summary>Reads whole numbers between two bounds, both included.</summary>
internal sealed class NumberType(int least, int greatest) : SettingType<int>
{
    public override string Kind => Expected["a ".Length..];

    public override string TerraformType => "number";

    public override string Expected => string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {greatest}");

    public override (int Least, int Greatest)? Bounds => (least, greatest);

    public static bool TryRead(JsonElement json, int least, int greatest, out int number)
    {
        number = 0;
        return json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out number) && number >= least && number <= greatest;
    }

    public override void Write(Utf8JsonWriter json, int value) => json.WriteNumberValue(value);

    internal override JsonObject Schema() => JsonSchema.Whole(least, greatest);

    internal override bool TryRead(JsonElement json, SettingFaults faults, out int value) =>
        Judge(TryRead(json, least, greatest, out value), faults);

    internal override bool TryReadText(string text, SettingFaults faults, out int value) => Judge(
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least && value <= greatest, faults);
}

/// <summary>Reads true or false; an environment variable may have other words for them.</summary>
internal sealed class FlagType(string on = "true", string off = "false") : SettingType<bool>
{
    public override string Kind => ExpectedText == Expected ? Expected : $"{Expected}; in the environment {ExpectedText}";

    public override string TerraformType => "bool";

    public override string Expected => "true or false";

    public override string ExpectedText => $"{on} or {off}";

    public override void Write(Utf8JsonWriter json, bool value) => json.WriteBooleanValue(value);

    internal override JsonObject Schema() => JsonSchema.Flag();

    internal override bool TryRead(JsonElement json, SettingFaults faults, out bool value)
    {
        value = json.ValueKind == JsonValueKind.True;
        return Judge(json.ValueKind is JsonValueKind.True or JsonValueKind.False, faults);
    }

    internal override bool TryReadText(string text, SettingFaults faults, out bool value)
    {
        value = text == on;
        return Judge(value || text == off, faults);
    }
}

/// <summary>Reads a text; an empty one counts as absent.</summary>
/// <param name="kind">Describes the values for people.</param>
/// <param name="expected">What should stand in JSON.</param>
/// <param name="expectedText">What should stand in an environment variable.</param>
internal sealed class TextType(string kind, string expected, string expectedText) : SettingType<string>
{
    public override string Kind => kind;

    public override string TerraformType => TerraformKind;

    public override string Expected => expected;

    public override string ExpectedText => expectedText;

    /// <summary>Gets the type in the Terraform module, which may make the text of something else.</summary>
    public string TerraformKind { get; init; } = "string";

    /// <summary>Gets what the whole of a text that is not empty matches, for editors; null: anything.</summary>
    public string? Pattern { get; init; }

    /// <summary>Decides whether a text fits.</summary>
    public Func<string, bool> Fits { get; init; } = _ => true;

    /// <summary>Says whether the text of a variable is checked in the same way; if not, <see cref="SettingsCheck"/> does
    /// it.</summary>
    public bool ChecksVariables { get; init; } = true;

    /// <summary>Says whether an absent text is written as null.</summary>
    public bool WritesNull { get; init; }

    public override void Write(Utf8JsonWriter json, string value) => json.WriteStringValue(WritesNull && value.Length == 0 ? null : value);

    internal override JsonObject Schema() => JsonSchema.Text(Pattern is null ? null : $"(?:{Pattern})?");

    internal override bool TryRead(JsonElement json, SettingFaults faults, out string value)
    {
        value = json.ValueKind == JsonValueKind.String ? json.GetString()! : "";
        return value.Length > 0
            ? Judge(Fits(value), faults)
            : Judge(json.ValueKind == JsonValueKind.String, faults) && false; // absent: the default counts
    }

    internal override bool TryReadText(string text, SettingFaults faults, out string value)
    {
        value = text;
        return Judge(!ChecksVariables || Fits(text), faults);
    }
}

/// <summary>Reads the spec of a CA's key, by the name that KMS has for it.</summary>
internal sealed class KeySpecType : SettingType<KeySpec>
{
    public override string Kind => Expected;

    public override string TerraformType => "string";

    public override string Expected => $"one of {string.Join(", ", KeySpecs.KmsNames)}";

    public override void Write(Utf8JsonWriter json, KeySpec value) => json.WriteStringValue(KeySpecs.KmsName(value));

    internal override JsonObject Schema() => JsonSchema.Any(JsonSchema.OneOf(KeySpecs.KmsNames), JsonSchema.Null());

    internal override bool TryRead(JsonElement json, SettingFaults faults, out KeySpec value)
    {
        value = default;
        bool isAbsent = json.ValueKind == JsonValueKind.String && json.ValueEquals("");
        return !isAbsent && Judge(json.ValueKind == JsonValueKind.String && KeySpecs.TryParse(json.GetString(), out value), faults);
    }
}

/// <summary>Reads a list whose elements all fit.</summary>
/// <param name="kind">Describes the values for people.</param>
/// <param name="expected">What should stand in JSON.</param>
/// <param name="expectedText">What should stand in an environment variable.</param>
/// <param name="read">Reads an element, and says whether it fits.</param>
/// <param name="write">Writes an element.</param>
internal class ListType<T>(string kind, string expected, string expectedText, Func<JsonElement, (bool Fits, T Value)> read, Action<Utf8JsonWriter, T> write)
    : SettingType<IReadOnlyList<T>>
{
    public override string Kind => kind;

    public override string TerraformType => "list(string)";

    public override string Expected => expected;

    public override string ExpectedText => expectedText;

    /// <summary>Reads the list in an environment variable, where that accepts more; null: it accepts the same.</summary>
    public ListType<T>? InVariables { get; init; }

    /// <summary>Makes the JSON Schema of an element.</summary>
    public Func<JsonObject> Element { get; init; } = () => JsonSchema.Name();

    internal override JsonObject Schema() => JsonSchema.Any(JsonSchema.List(ElementSchema()), JsonSchema.Null());

    private protected virtual JsonObject ElementSchema() => Element();

    public override void Write(Utf8JsonWriter json, IReadOnlyList<T> value)
    {
        json.WriteStartArray();
        foreach (T element in value)
        {
            write(json, element);
        }

        json.WriteEndArray();
    }

    internal override bool TryRead(JsonElement json, SettingFaults faults, out IReadOnlyList<T> value)
    {
        bool fits = json.ValueKind == JsonValueKind.Array;
        var values = new List<T>(fits ? json.GetArrayLength() : 0);
        value = values;
        foreach (JsonElement element in fits ? json.EnumerateArray() : default)
        {
            (fits, T one) = read(element);
            if (!fits)
            {
                break;
            }

            values.Add(one);
        }

        return Judge(fits, faults);
    }

    internal override bool TryReadText(string text, SettingFaults faults, [NotNullWhen(true)] out IReadOnlyList<T>? value) =>
        InVariables is null ? base.TryReadText(text, faults, out value) : InVariables.TryReadText(text, faults, out value);
}

/// <summary>Reads a list of whole numbers between two bounds, both included.</summary>
internal sealed class NumbersType(int least, int greatest, string expectedText) : ListType<int>(
    string.Create(CultureInfo.InvariantCulture, $"list of whole numbers from {least} to {greatest}"),
    string.Create(CultureInfo.InvariantCulture, $"a list of whole numbers from {least} to {greatest}"),
    expectedText,
    json => (NumberType.TryRead(json, least, greatest, out int number), number),
    (json, number) => json.WriteNumberValue(number))
{
    public override string TerraformType => "list(number)";

    private protected override JsonObject ElementSchema() => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = greatest };

    public override (int Least, int Greatest)? Bounds => (least, greatest);
}

/// <summary>Holds JSON that the host reads itself.</summary>
internal sealed class JsonType(string kind) : SettingType<JsonElement>
{
    public override string Kind => kind;

    public override string TerraformType => "any";

    public override string Expected => $"a {kind}";

    public override void Write(Utf8JsonWriter json, JsonElement value)
    {
        json.WriteStartArray();
        json.WriteEndArray();
    }

    internal override JsonObject Schema() => [];

    internal override bool TryRead(JsonElement json, SettingFaults faults, out JsonElement value)
    {
        value = json;
        return true;
    }
}
