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
    public KeySpec RootKeySpec { get; init; } = SettingsSchema.RootKeySpec.Default;

    /// <summary>Kind of the issuing CA's key, when it is made.</summary>
    public KeySpec IssuingKeySpec { get; init; } = SettingsSchema.IssuingKeySpec.Default;

    /// <summary>Environment variable with the passphrase of the key files.</summary>
    public string? KeyPassphraseVariable { get; init; }

    /// <summary>File with the passphrase of the key files; from the data folder.</summary>
    public string? KeyPassphraseFile { get; init; }

    /// <summary>Whom to tell besides the outbox: <c>notifications</c>.</summary>
    public IReadOnlyList<TargetSettings> Notifications { get; init; } = [];

    /// <summary>What counts where <c>settings.json</c> says nothing.</summary>
    public static LocalSettings Default { get; } = new()
    {
        Ca = new CaSettings
        {
            Names = new CaNames(SettingsSchema.Project.Default, SettingsSchema.Environment.Default, SettingsSchema.ProdEnvironments.Default),
        },
    };

    /// <summary>The settings of a new data folder: the same, and names such as <c>localhost</c>. A folder that is there goes on
    /// without them.</summary>
    public static LocalSettings New { get; } = Default with { Ca = Default.Ca with { SingleLabelNames = SettingsSchema.SingleLabelNames.OfNewFolder } };
}
