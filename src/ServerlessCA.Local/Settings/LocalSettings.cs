using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Settings;
using ServerlessCA.Local.Delivery.Settings;

namespace ServerlessCA.Local.Settings;

/// <summary>Holds the settings of a data folder's <c>settings.json</c>. Immutable.</summary>
public sealed record LocalSettings
{
    /// <summary>The settings that all hosts share.</summary>
    public required CaSettings Ca { get; init; }

    /// <summary>The kind of the root CA's key, used when the key is created.</summary>
    public required KeySpec RootKeySpec { get; init; }

    /// <summary>The kind of the issuing CA's key, used when the key is created.</summary>
    public required KeySpec IssuingKeySpec { get; init; }

    /// <summary>The environment variable with the passphrase of the key files.</summary>
    public string? KeyPassphraseVariable { get; init; }

    /// <summary>The file with the passphrase of the key files, relative to the data folder.</summary>
    public string? KeyPassphraseFile { get; init; }

    /// <summary>The targets that are notified besides the outbox: <c>notifications</c>.</summary>
    public IReadOnlyList<TargetSettings> Notifications { get; init; } = [];

    /// <summary>What counts where a file says nothing.</summary>
    public static LocalSettings Default { get; } = SettingsFile.ReadNothing();

    /// <summary>What a new data folder has.</summary>
    public static LocalSettings New { get; } = SettingsFile.ReadNew();

    /// <summary>Reads a file such as <c>settings.json</c>, wherever it is.</summary>
    /// <exception cref="SettingsUnusableException">It cannot be used.</exception>
    public static LocalSettings Read(string path) => SettingsFile.Read(path);
}

/// <summary>Reports that <c>settings.json</c> cannot be used. The message names the file, the key and what is
/// expected.</summary>
public sealed class SettingsUnusableException(string message, Exception? cause = null) : Exception(message, cause);
