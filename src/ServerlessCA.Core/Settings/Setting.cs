using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Settings;

/// <summary>Is one setting: its names, its values, its default and its purpose. Immutable; all settings stand in
/// <see cref="SettingsSchema"/>.</summary>
public abstract class Setting
{
    private protected Setting(string meaning) => Meaning = meaning;

    /// <summary>Says in one sentence what it is for.</summary>
    public string Meaning { get; }

    /// <summary>Gets the key in <c>settings.json</c> of a local CA; null: it means nothing there.</summary>
    public string? Key { get; init; }

    /// <summary>Gets the environment variable of the functions; null: they do not read it.</summary>
    public string? Variable { get; init; }

    /// <summary>Gets the variable of the Terraform module; null: Terraform knows the value or nobody sets it.</summary>
    public string? TerraformVariable { get; init; }

    /// <summary>Gets the default in the Terraform module, as JSON, where it is another; null: the same.</summary>
    public string? TerraformDefault { get; init; }

    /// <summary>Lists the functions that read the variable.</summary>
    public IReadOnlyList<CaFunction> ReadBy { get; init; } = [];

    /// <summary>Says whether a function that reads it does not start without it.</summary>
    public bool IsNeeded { get; init; }

    /// <summary>Gets the unit of a number; null: it has none.</summary>
    public string? Unit { get; init; }

    /// <summary>Describes the values for people.</summary>
    public abstract string Kind { get; }

    /// <summary>Gets the type in the Terraform module.</summary>
    public abstract string TerraformType { get; }

    /// <summary>Gets the least and the greatest number, both included; null: it holds no number.</summary>
    public abstract (int Least, int Greatest)? Bounds { get; }

    /// <summary>Writes the default.</summary>
    public abstract void WriteDefault(Utf8JsonWriter json);

    /// <summary>Writes the value for the settings of a new data folder.</summary>
    public abstract void WriteNew(Utf8JsonWriter json);

    /// <summary>Makes the JSON Schema of the value in <c>settings.json</c>.</summary>
    /// <param name="ofValue">What the value is; null: its type says it.</param>
    internal JsonObject Schema(JsonObject? ofValue)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            WriteDefault(writer);
        }

        string unit = Unit is null ? "" : $", {Unit}";
        JsonObject schema = JsonSchema.Described(ofValue ?? ValueSchema(), $"{Meaning} Value: {Kind}{unit}.");
        schema["default"] = JsonNode.Parse(text.ToArray());
        return schema;
    }

    private protected abstract JsonObject ValueSchema();
}

/// <summary>Is a setting with the type of its values. Immutable.</summary>
public sealed class Setting<T>(SettingType<T> type, T byDefault, string meaning) : Setting(meaning)
    where T : notnull
{
    /// <summary>Gets the value that counts where nothing is set.</summary>
    public T Default { get; } = byDefault;

    /// <summary>Gets the value in the settings of a new data folder.</summary>
    public T OfNewFolder { get; init; } = byDefault;

    /// <inheritdoc/>
    public override string Kind => type.Kind;

    /// <inheritdoc/>
    public override string TerraformType => type.TerraformType;

    /// <inheritdoc/>
    public override (int Least, int Greatest)? Bounds => type.Bounds;

    /// <summary>Reads the value; a problem is reported, and then the default counts.</summary>
    public T Read(ISettingsSource source)
    {
        if (source.Find(this) is not { } found)
        {
            if (source.Needs(this))
            {
                source.Report(new SettingProblem(this, SettingFault.Missing, type.ExpectedText));
            }

            return Default;
        }

        bool isRead = found.Json is { } json
            ? type.TryRead(json, new SettingFaults(this, source, found, type.Expected), out T? value)
            : type.TryReadText(found.Text!, new SettingFaults(this, source, found, type.ExpectedText), out value);
        return isRead ? value! : Default;
    }

    /// <inheritdoc/>
    public override void WriteDefault(Utf8JsonWriter json) => type.Write(json, Default);

    /// <inheritdoc/>
    public override void WriteNew(Utf8JsonWriter json) => type.Write(json, OfNewFolder);

    private protected override JsonObject ValueSchema() => type.Schema();
}

/// <summary>Says what values a setting may have, and reads them from JSON and from the text of an environment variable.</summary>
public abstract class SettingType<T>
    where T : notnull
{
    private protected SettingType()
    {
    }

    /// <summary>Describes the values for people, such as "whole number from 1 to 36500".</summary>
    public abstract string Kind { get; }

    /// <summary>Gets the type in the Terraform module.</summary>
    public abstract string TerraformType { get; }

    /// <summary>Describes what should stand in JSON, after "expected is".</summary>
    public abstract string Expected { get; }

    /// <summary>Describes what should stand in an environment variable, after "set it to".</summary>
    public virtual string ExpectedText => Expected;

    /// <summary>Gets the least and the greatest number, both included; null: it holds no number.</summary>
    public virtual (int Least, int Greatest)? Bounds => null;

    /// <summary>Writes a value as JSON.</summary>
    public abstract void Write(Utf8JsonWriter json, T value);

    /// <summary>Makes the JSON Schema of the values in JSON; null counts as absent.</summary>
    internal abstract JsonObject Schema();

    /// <summary>Reads JSON. Returns false after a problem was reported: then the default counts.</summary>
    internal abstract bool TryRead(JsonElement json, SettingFaults faults, [NotNullWhen(true)] out T? value);

    /// <summary>Reads a text, which is JSON unless the type overrides this. Returns false after a problem was reported.</summary>
    internal virtual bool TryReadText(string text, SettingFaults faults, [NotNullWhen(true)] out T? value)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (JsonFaults.IsUnicode(document.RootElement))
            {
                return TryRead(document.RootElement.Clone(), faults, out value);
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException) // the latter: half a character in a key
        {
            // Reported below.
        }

        value = default;
        faults.Report(SettingFault.NotJson);
        return false;
    }

    /// <summary>Reports a value that does not fit.</summary>
    /// <param name="fits">Whether the value fits.</param>
    /// <param name="faults">Receives the report.</param>
    private protected static bool Judge(bool fits, SettingFaults faults)
    {
        if (!fits)
        {
            faults.Report(SettingFault.Unfit);
        }

        return fits;
    }
}

/// <summary>Reports what is wrong with the value that is being read.</summary>
/// <param name="setting">The setting that is read.</param>
/// <param name="source">Receives the reports.</param>
/// <param name="found">The whole value.</param>
/// <param name="expected">What the whole value should be.</param>
internal sealed class SettingFaults(Setting setting, ISettingsSource source, SettingValue found, string expected)
{
    /// <summary>Reports a fault of the whole value.</summary>
    public void Report(SettingFault fault) => source.Report(new SettingProblem(setting, fault, expected) { Written = found.Text ?? found.Json?.GetRawText() });

    /// <summary>Reports a fault of a member of the value.</summary>
    public void Report(SettingFault fault, string member, string expectedThere, JsonElement? there) =>
        source.Report(new SettingProblem(setting, fault, expectedThere) { Member = member, Written = there?.GetRawText() });
}
