using ServerlessCA.Core.PreIssuance;

namespace ServerlessCA.Core.Settings;

/// <summary>How a deployment is set up (contract section 3), read by <see cref="SettingsSchema"/> from environment variables or
/// <c>settings.json</c>. Immutable.</summary>
public sealed record CaSettings
{
    /// <summary>The deployment's names.</summary>
    public required CaNames Names { get; init; }

    /// <summary>Subject and lifetime of the root CA.</summary>
    public CaInfo RootCaInfo { get; init; } = SettingsSchema.RootCaInfo.Default;

    /// <summary>Subject and lifetime of the issuing CA.</summary>
    public CaInfo IssuingCaInfo { get; init; } = SettingsSchema.IssuingCaInfo.Default;

    /// <summary>How long a root CRL is good for.</summary>
    public TimeSpan RootCrlLife { get; init; } = Life(SettingsSchema.RootCrlDays.Default, SettingsSchema.RootCrlSeconds.Default);

    /// <summary>How long an issuing CRL is good for.</summary>
    public TimeSpan IssuingCrlLife { get; init; } = Life(SettingsSchema.IssuingCrlDays.Default, SettingsSchema.IssuingCrlSeconds.Default);

    /// <summary>Days at most that an end-entity certificate lives.</summary>
    public int MaxCertLifetime { get; init; } = SettingsSchema.MaxCertLifetime.Default;

    /// <summary>Where CRLs and CA certificates are published (host name), or null when they are not public.</summary>
    public string? PublicDomain { get; init; }

    /// <summary>OIDs of custom extensions that requests may ask for.</summary>
    public IReadOnlyList<string> CustomExtensionAllowlist { get; init; } = SettingsSchema.CustomExtensionAllowlist.Default;

    /// <summary>Extended key usages that requests may ask for, as OIDs; empty: all (contract 12.14).</summary>
    public IReadOnlyList<string> ExtendedKeyUsageAllowlist { get; init; } = SettingsSchema.ExtendedKeyUsageAllowlist.Default;

    /// <summary>Whether requests may ask for <c>OCSP_SIGNING</c>, whose holder answers for the issuing CA who is revoked
    /// (contract 12.20).</summary>
    public bool AllowOcspSigning { get; init; } = SettingsSchema.AllowOcspSigning.Default;

    /// <summary>Whether alternative names may be of one label, such as <c>localhost</c> or <c>db</c>. Off, as in the original,
    /// unless the deployment says otherwise.</summary>
    public bool SingleLabelNames { get; init; } = SettingsSchema.SingleLabelNames.Default;

    /// <summary>Policy OIDs that end-entity certificates assert; empty: no extension (contract 12.12).</summary>
    public IReadOnlyList<string> CertificatePolicies { get; init; } = SettingsSchema.CertificatePolicies.Default;

    /// <summary>Which lints count, which refuse, and for which targets (contract 12.31).</summary>
    public LintPolicy Lints { get; init; } = new();

    /// <summary>Days before expiry on which to remind.</summary>
    public IReadOnlyList<int> ExpiryReminders { get; init; } = SettingsSchema.ExpiryReminders.Default;

    /// <summary>Reads all of them, each as the source has it or by default; <see cref="SettingsCheck"/> looks at them together.</summary>
    public static CaSettings Read(ISettingsSource source) => new()
    {
        Names = new CaNames(
            SettingsSchema.Project.Read(source), SettingsSchema.Environment.Read(source), SettingsSchema.ProdEnvironments.Read(source)),
        RootCaInfo = SettingsSchema.RootCaInfo.Read(source),
        IssuingCaInfo = source.Find(SettingsSchema.IssuingCaLifetime) is null
            ? SettingsSchema.IssuingCaInfo.Read(source)
            : SettingsSchema.IssuingCaInfo.Default with { Lifetime = SettingsSchema.IssuingCaLifetime.Read(source) },
        RootCrlLife = Life(SettingsSchema.RootCrlDays.Read(source), SettingsSchema.RootCrlSeconds.Read(source)),
        IssuingCrlLife = Life(SettingsSchema.IssuingCrlDays.Read(source), SettingsSchema.IssuingCrlSeconds.Read(source)),
        MaxCertLifetime = SettingsSchema.MaxCertLifetime.Read(source),
        PublicDomain = PublicDomainOf(source),
        CustomExtensionAllowlist = SettingsSchema.CustomExtensionAllowlist.Read(source),
        ExtendedKeyUsageAllowlist = SettingsSchema.ExtendedKeyUsageAllowlist.Read(source),
        AllowOcspSigning = SettingsSchema.AllowOcspSigning.Read(source),
        SingleLabelNames = SettingsSchema.SingleLabelNames.Read(source),
        CertificatePolicies = SettingsSchema.CertificatePolicies.Read(source),
        Lints = new LintPolicy
        {
            Ignore = SettingsSchema.LintIgnore.Read(source),
            Refuse = SettingsSchema.LintRefuse.Read(source),
            Targets = [.. SettingsSchema.LintTargetNames.Read(source).Select(LintTargets.Find).OfType<LintTarget>()],
        },
        ExpiryReminders = SettingsSchema.ExpiryReminders.Read(source),
    };

    /// <summary>What <see cref="PublicDomain"/> is: null unless the CRL is public; empty when it is, and no domain is set.</summary>
    public static string? PublicDomainOf(ISettingsSource source)
    {
        string domain = SettingsSchema.HostedZoneDomain.Read(source);
        return SettingsSchema.PublicCrl.Read(source) ? domain : null;
    }

    private static TimeSpan Life(int days, int seconds) => TimeSpan.FromDays(days) + TimeSpan.FromSeconds(seconds);
}
