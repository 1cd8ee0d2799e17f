namespace ServerlessCA.Core.Settings;

/// <summary>Where a host has its settings: the environment of a function, a file. It knows how to get a value and how to say
/// what is wrong with one; which settings there are, what they may be and what they are otherwise stands in
/// <see cref="SettingsSchema"/>.</summary>
public interface ISettingsSource
{
    /// <summary>What was set; null where nothing was, or where the host has no use for the setting.</summary>
    SettingValue? Find(Setting setting);

    /// <summary>Whether the host cannot do without the setting.</summary>
    bool Needs(Setting setting);

    /// <summary>Hears what is wrong. It may throw; if it does not, reading goes on with the default.</summary>
    void Report(SettingProblem problem);
}

/// <summary>What was set: JSON or, in an environment variable, a text. Immutable.</summary>
/// <param name="Json">The value in a document; null: it is a text.</param>
/// <param name="Text">The text, not empty; null: it is in a document.</param>
public readonly record struct SettingValue(System.Text.Json.JsonElement? Json, string? Text);

/// <summary>What is wrong with a setting. Immutable.</summary>
/// <param name="Setting">Which.</param>
/// <param name="Fault">In one word.</param>
/// <param name="Expected">What would do, behind "expected is" or "set it to".</param>
public sealed record SettingProblem(Setting Setting, SettingFault Fault, string Expected)
{
    /// <summary>The member of the setting's object that it is about; null: the whole setting.</summary>
    public string? Member { get; init; }

    /// <summary>What stands there, as it was written; null: nothing does.</summary>
    public string? Written { get; init; }
}

/// <summary>What can be wrong with a setting.</summary>
public enum SettingFault
{
    /// <summary>It is needed, and nothing was set.</summary>
    Missing,

    /// <summary>Its text is not JSON.</summary>
    NotJson,

    /// <summary>It is JSON, and no object.</summary>
    NotObject,

    /// <summary>A member that no setting has.</summary>
    Unknown,

    /// <summary>A member that should be a text.</summary>
    NotText,

    /// <summary>Of another type, or outside what is allowed.</summary>
    Unfit,
}

/// <summary>A setting cannot be used. The message names it and says what is expected.</summary>
public sealed class InvalidSettingsException(string message) : Exception(message);
