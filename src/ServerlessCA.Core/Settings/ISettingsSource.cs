namespace ServerlessCA.Core.Settings;

/// <summary>Is the place where a host has its settings: the environment of a function, a file. It knows how to get a value and
/// how to report what is wrong with one; which settings there are, their values and defaults stand in
/// <see cref="SettingsSchema"/>.</summary>
public interface ISettingsSource
{
    /// <summary>Finds what was set; null where nothing was, or where the host has no use for the setting.</summary>
    SettingValue? Find(Setting setting);

    /// <summary>Says whether the host cannot do without the setting.</summary>
    bool Needs(Setting setting);

    /// <summary>Receives what is wrong. It may throw; if it does not, reading goes on with the default.</summary>
    void Report(SettingProblem problem);
}

/// <summary>Holds what was set: JSON or, in an environment variable, a text. Immutable.</summary>
/// <param name="Json">The value in a document; null: it is a text.</param>
/// <param name="Text">The text, not empty; null: it is in a document.</param>
public readonly record struct SettingValue(System.Text.Json.JsonElement? Json, string? Text);

/// <summary>Says what is wrong with a setting. Immutable.</summary>
/// <param name="Setting">The setting that is wrong.</param>
/// <param name="Fault">The kind of fault.</param>
/// <param name="Expected">What would be right, after "expected is" or "set it to".</param>
public sealed record SettingProblem(Setting Setting, SettingFault Fault, string Expected)
{
    /// <summary>Gets the member of the setting's object that is wrong; null: the whole setting.</summary>
    public string? Member { get; init; }

    /// <summary>Gets the value as it was written; null: there is none.</summary>
    public string? Written { get; init; }
}

/// <summary>Names what can be wrong with a setting.</summary>
public enum SettingFault
{
    /// <summary>It is needed, and nothing was set.</summary>
    Missing,

    /// <summary>Its text is not JSON.</summary>
    NotJson,

    /// <summary>It is JSON, but no object.</summary>
    NotObject,

    /// <summary>The object has a member that no setting has.</summary>
    Unknown,

    /// <summary>A member should be a text, and is none.</summary>
    NotText,

    /// <summary>It is of another type, or outside what is allowed.</summary>
    Unfit,
}

/// <summary>A setting cannot be used. The message names it and says what is expected.</summary>
public sealed class InvalidSettingsException(string message) : Exception(message);
