using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Settings;

/// <summary>What values a setting may have, and how they are read from JSON and from the text of an environment variable.</summary>
public abstract class SettingType<T>
    where T : notnull
{
    private protected SettingType()
    {
    }

    /// <summary>For people, such as "whole number from 1 to 36500".</summary>
    public abstract string Kind { get; }

    /// <summary>In the Terraform module.</summary>
    public abstract string TerraformType { get; }

    /// <summary>What should stand in JSON, behind "expected is".</summary>
    public abstract string Expected { get; }

    /// <summary>What should stand in an environment variable, behind "set it to".</summary>
    public virtual string ExpectedText => Expected;

    /// <summary>Least and greatest number, both included; null: it holds none.</summary>
    public virtual (int Least, int Greatest)? Bounds => null;

    /// <summary>Writes a value as JSON.</summary>
    public abstract void Write(Utf8JsonWriter json, T value);

    /// <summary>Reads JSON. False after what is wrong was reported: the default counts.</summary>
    internal abstract bool TryRead(JsonElement json, SettingFaults faults, [NotNullWhen(true)] out T? value);

    /// <summary>Reads a text; unless a type knows better, it is JSON. False after what is wrong was reported.</summary>
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
            // Said below.
        }

        value = default;
        faults.Report(SettingFault.NotJson);
        return false;
    }

    /// <summary>Reports a value that does not do.</summary>
    /// <param name="fits">Whether it does.</param>
    /// <param name="faults">Hears of it.</param>
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
/// <param name="setting">Which setting.</param>
/// <param name="source">Hears it.</param>
/// <param name="written">The whole value, as it was written.</param>
/// <param name="expected">What the whole value should be.</param>
internal sealed class SettingFaults(Setting setting, ISettingsSource source, string written, string expected)
{
    /// <summary>Of the whole value.</summary>
    public void Report(SettingFault fault) => source.Report(new SettingProblem(setting, fault, expected) { Written = written });

    /// <summary>Of a member of it.</summary>
    public void Report(SettingFault fault, string member, string expectedThere, JsonElement? there) =>
        source.Report(new SettingProblem(setting, fault, expectedThere) { Member = member, Written = there?.GetRawText() });
}
