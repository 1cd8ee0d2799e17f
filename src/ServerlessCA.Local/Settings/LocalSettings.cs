using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Settings;
using ServerlessCA.Local.Delivery.Settings;

namespace ServerlessCA.Local.Settings;

/// <summary>What <c>settings.json</c> of a data folder says. Immutable.</summary>
public sealed record LocalSettings
{
    /// <summary>How the CA is set up.</summary>
    public required CaSettings Ca { get; init; }

    /// <summary>Kind of the root CA's key, when it is made.</summary>
    public required KeySpec RootKeySpec { get; init; }

    /// <summary>Kind of the issuing CA's key, when it is made.</summary>
    public required KeySpec IssuingKeySpec { get; init; }

    /// <summary>Environment variable with the passphrase of the key files.</summary>
    public string? KeyPassphraseVariable { get; init; }

    /// <summary>File with the passphrase of the key files; from the data folder.</summary>
    public string? KeyPassphraseFile { get; init; }

    /// <summary>Whom to tell besides the outbox: <c>notifications</c>.</summary>
    public IReadOnlyList<TargetSettings> Notifications { get; init; } = [];

    /// <summary>What counts where there is no file.</summary>
    public static LocalSettings Default { get; } = SettingsFile.ReadNothing();

    /// <summary>Reads a file such as <c>settings.json</c>, wherever it is.</summary>
    /// <exception cref="SettingsUnusableException">It cannot be used.</exception>
    public static LocalSettings Read(string path) => SettingsFile.Read(path);
}

/// <summary><c>settings.json</c> cannot be used. The message names the file, the key and what is expected.</summary>
public sealed class SettingsUnusableException(string message, Exception? cause = null) : Exception(message, cause);
