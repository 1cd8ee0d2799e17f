using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Health;

/// <summary>The settings of a CA's certificate: no CA can be created with bad ones; one that exists goes on (contract 12.30).</summary>
internal static class CaSettingsHealth
{
    public static IEnumerable<HealthFinding> Of(CaSettings settings, CertificateAuthority? root, CertificateAuthority? issuing) =>
    [
        .. Of(settings.RootCaInfo, SettingsCheck.RootCaInfo, root, isRoot: true),
        .. Of(settings.IssuingCaInfo, SettingsCheck.IssuingCaInfo, issuing, isRoot: false),
        .. root?.Certificate.PathLength == 0 ? new[] { BarrenRoot(root) } : [],
    ];

    private static IEnumerable<HealthFinding> Of(CaInfo info, string setting, CertificateAuthority? authority, bool isRoot) =>
        from problem in CaInfoCheck.Problems(info, setting, isRoot)
        select authority is null
            ? new HealthFinding(HealthLevel.Critical, "settings", problem)
            : new HealthFinding(HealthLevel.Warning, "settings", $"{problem}. {authority.Name} exists and keeps its certificate; a new one would be refused");

    private static HealthFinding BarrenRoot(CertificateAuthority root) => new(
        HealthLevel.Warning, root.Name, "its certificate has the path length 0: no issuing CA can be signed below it, and programs refuse one that was");
}
