using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;
using ServerlessCA.Local;
using ServerlessCA.Local.Files;
using ServerlessCA.Local.Keys;
using ServerlessCA.Local.Settings;

namespace ServerlessCA.Cli.Planning;

/// <summary>The CA that a plan is made against.</summary>
internal static class PlannedCa
{
    /// <summary>How <c>--ca</c> says that there is none.</summary>
    public const string None = "none";

    /// <summary>Plans against no CA: what was issued and revoked before is unknown.</summary>
    /// <param name="folder">The GitOps folder.</param>
    /// <param name="settings">A file with the settings; null: the defaults.</param>
    /// <param name="clock">The time.</param>
    /// <param name="how">What is wanted of the plan.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="SettingsUnusableException">The settings cannot be used.</exception>
    public static Task<Plan> AgainstNothingAsync(
        string folder, string? settings, TimeProvider clock, PlanOptions how, CancellationToken cancellation) =>
        WithoutCaAsync(folder, settings is null ? LocalSettings.Default : LocalSettings.Read(settings), clock, isAgainstNothing: true, how, cancellation);

    /// <summary>Plans against a local CA; where there is none, its first run.</summary>
    /// <exception cref="CommandFault">The CA cannot be worked with.</exception>
    public static async Task<Plan> AgainstAsync(
        Location.Local location, string folder, TimeProvider clock, PlanOptions how, CancellationToken cancellation)
    {
        if (!new DataFolder(location.Folder).Exists)
        {
            return await WithoutCaAsync(folder, LocalSettings.New, clock, isAgainstNothing: false, how, cancellation);
        }

        using LocalAuthority ca = await LocalAuthority.OpenToReadAsync(location.Folder, clock, cancellation);
        using var keys = ThrowAwayKeys.Of(ca.Settings);
        return await new PlanRun(ca.Deployment(folder), keys) { Targets = how.Targets, Progress = how.Progress, Rights = how.RightsOf(ca.Settings.Ca) }.RunAsync(cancellation);
    }

    /// <summary>Plans against a CA on AWS, with calls that only read.</summary>
    /// <exception cref="AuthorityFault">AWS said no, or the CA is not there.</exception>
    public static async Task<Plan> AgainstAsync(
        CloudCa ca, string folder, TimeProvider clock, PlanOptions how, CancellationToken cancellation)
    {
        Deployment deployment = await new CloudDeployment(ca, clock).ReadAsync(cancellation);
        using var keys = new ThrowAwayKeys(ca.Names, LocalSettings.Default.RootKeySpec, LocalSettings.Default.IssuingKeySpec);
        return await new PlanRun(deployment with { InternalFiles = new FolderInternalFiles(folder) }, keys) { AreKindsKnown = false, Targets = how.Targets, Progress = how.Progress, Rights = how.RightsOf(deployment.Settings) }.RunAsync(cancellation);
    }

    private static async Task<Plan> WithoutCaAsync(
        string folder, LocalSettings settings, TimeProvider clock, bool isAgainstNothing, PlanOptions how, CancellationToken cancellation)
    {
        using var keys = ThrowAwayKeys.Of(settings);
        var files = new EmptyPublishedFiles();
        var deployment = new Deployment(
            settings.Ca, keys, new EmptyLedger(), new FolderInternalFiles(folder), files, files, new NoNotifier(), new RandomSerialSource(), clock);
        return await new PlanRun(deployment, keys) { IsAgainstNothing = isAgainstNothing, Targets = how.Targets, Progress = how.Progress, Rights = how.RightsOf(settings.Ca) }.RunAsync(cancellation);
    }
}

/// <summary>What is wanted of a plan. Immutable.</summary>
/// <param name="Targets">Where certificates have to work, besides what the CA's settings say.</param>
/// <param name="Progress">Hears how far it is.</param>
internal sealed record PlanOptions(IReadOnlyList<LintTarget> Targets, Action<string, int, int> Progress)
{
    /// <summary>The policy that the requester of all entries is bound to; null: none.</summary>
    public string? PolicyName { get; init; }

    /// <summary>Returns the rights of the requester.</summary>
    /// <param name="settings">Those of the CA, which has the policies.</param>
    /// <exception cref="CommandFault">It does not have this policy.</exception>
    public CallerRights RightsOf(CaSettings settings) => CallerRights.Everything.Under(PolicyName is null ? null
        : RequestPolicy.Find(settings.RequestPolicies, PolicyName)
            ?? throw CommandFault.Usage(
                $"the CA has no policy '{PolicyName}'",
                settings.RequestPolicies.Count == 0 ? "request_policies in its settings is empty" : $"it has {string.Join(", ", settings.RequestPolicies.Select(policy => policy.Name))}"));
}
