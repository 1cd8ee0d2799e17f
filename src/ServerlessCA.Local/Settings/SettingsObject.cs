using System.Text.Json;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Local.Settings;

/// <summary><c>settings.json</c> as a source of settings, read strictly: what is there must be known and do. A key that is
/// absent or null has its default. The first thing that is wrong ends the reading.</summary>
internal sealed class SettingsObject : ISettingsSource
{
    private readonly string file;
    private readonly Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);

    /// <exception cref="SettingsUnusableException">It is no object, or has a key that is no setting.</exception>
    public SettingsObject(string file, JsonElement json)
    {
        this.file = file;
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new SettingsUnusableException($"'{file}': the file is {json.GetRawText()}; expected is an object, such as {{ … }}.");
        }

        string[] known = [.. SettingsSchema.OfSettingsFile.Select(setting => setting.Key!)];
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                throw NoSetting(property.Name, string.Join(", ", known));
            }

            if (property.Value.ValueKind != JsonValueKind.Null)
            {
                values[property.Name] = property.Value;
            }
        }
    }

    /// <inheritdoc/>
    public SettingValue? Find(Setting setting) =>
        setting.Key is { } key && values.TryGetValue(key, out JsonElement json) ? new SettingValue(json, Text: null) : null;

    /// <inheritdoc/>
    public bool Needs(Setting setting) => false;

    /// <inheritdoc/>
    /// <exception cref="SettingsUnusableException">Always.</exception>
    public void Report(SettingProblem problem)
    {
        string name = problem.Member is { } member ? $"{problem.Setting.Key}.{member}" : problem.Setting.Key!;
        throw problem.Fault == SettingFault.Unknown
            ? NoSetting(name, problem.Expected)
            : Problem(name, problem.Written, problem.Expected);
    }

    /// <summary>Says that a setting's value does not go together with another's.</summary>
    public SettingsUnusableException Problem(Setting setting, string expected) =>
        Problem(setting.Key!, Find(setting)?.Json?.GetRawText(), expected);

    private SettingsUnusableException NoSetting(string name, string known) =>
        new($"'{file}': there is no setting '{name}'. The settings are: {known}.");

    private SettingsUnusableException Problem(string name, string? written, string expected) =>
        new($"'{file}': setting '{name}' is {written ?? "missing"}; expected is {expected}.");
}
