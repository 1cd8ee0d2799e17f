using System.Text.Json;
using ServerlessCA.Core.Settings;
using ServerlessCA.Local.Delivery.Settings;

namespace ServerlessCA.Local.Settings;

/// <summary>From the JSON of <c>settings.json</c> to settings; every value is checked by its type in
/// <see cref="SettingsSchema"/>, and here whether they go together, so that a mistake is reported by the name of its key and not
/// by a certificate that cannot be made; but the names of CAs are not.</summary>
internal static class SettingsReader
{
    /// <exception cref="SettingsUnusableException">A setting that does not do.</exception>
    public static LocalSettings Read(string path, JsonElement json)
    {
        var settings = new SettingsObject(path, json);
        CaSettings ca = CaSettings.Read(settings);
        foreach (SettingsContradiction contradiction in SettingsCheck.Contradictions(ca, setting => setting.Key!))
        {
            if (contradiction.Expected is { } expected)
            {
                throw settings.Problem(contradiction.Setting, expected);
            }
        }

        string variable = SettingsSchema.KeyPassphraseVariable.Read(settings);
        string file = SettingsSchema.KeyPassphraseFile.Read(settings);
        if (variable.Length > 0 && file.Length > 0)
        {
            throw settings.Problem(SettingsSchema.KeyPassphraseFile, $"null, since {SettingsSchema.KeyPassphraseVariable.Key} is set");
        }

        return new LocalSettings
        {
            Ca = ca,
            RootKeySpec = SettingsSchema.RootKeySpec.Read(settings),
            IssuingKeySpec = SettingsSchema.IssuingKeySpec.Read(settings),
            KeyPassphraseVariable = variable.Length > 0 ? variable : null,
            KeyPassphraseFile = file.Length > 0 ? file : null,
            Notifications = ReadNotifications(path, settings, ca.Names.Project),
        };
    }

    private static IReadOnlyList<TargetSettings> ReadNotifications(string path, SettingsObject settings, string project)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
        var notifications = NotificationSettings.Read(SettingsSchema.Notifications.Read(settings), folder, project);
        return notifications.Problems is [_, ..] problems
            ? throw new SettingsUnusableException($"'{path}': {string.Join("; ", problems)}.")
            : notifications.Targets;
    }
}
