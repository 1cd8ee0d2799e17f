using ServerlessCA.Aws.Lambda;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Cloud;

/// <summary>The environment of a deployed function as a source of settings. The function checks them itself: what it does not
/// understand it does not run with, so here the default counts.</summary>
/// <param name="function">As AWS tells of it; null: it is not deployed.</param>
internal sealed class CloudSettings(DeployedFunction? function) : ISettingsSource
{
    /// <inheritdoc/>
    public SettingValue? Find(Setting setting) =>
        setting.Variable is { } name && function?.Environment.GetValueOrDefault(name) is { Length: > 0 } text ? new SettingValue(Json: null, text) : null;

    /// <inheritdoc/>
    public bool Needs(Setting setting) => false;

    /// <inheritdoc/>
    public void Report(SettingProblem problem)
    {
    }
}
