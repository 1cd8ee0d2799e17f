using ServerlessCA.Core.Access;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.PreIssuance;

namespace ServerlessCA.Core.Settings;

/// <summary>Says how a deployment is set up (contract section 3); read by <see cref="SettingsSchema"/> from environment variables
/// or <c>settings.json</c>. Immutable.</summary>
public sealed record CaSettings
{
    /// <summary>Gets the deployment's names.</summary>
    public required CaNames Names { get; init; }

    /// <summary>Gets subject and lifetime of the root CA.</summary>
    public CaInfo RootCaInfo { get; init; } = SettingsSchema.RootCaInfo.Default;

    /// <summary>Gets subject and lifetime of the issuing CA.</summary>
    public CaInfo IssuingCaInfo { get; init; } = SettingsSchema.IssuingCaInfo.Default;

    /// <summary>Says for how long a root CRL is good.</summary>
    public TimeSpan RootCrlLife { get; init; } = Life(SettingsSchema.RootCrlDays.Default, SettingsSchema.RootCrlSeconds.Default);

    /// <summary>Says for how long an issuing CRL is good.</summary>
    public TimeSpan IssuingCrlLife { get; init; } = Life(SettingsSchema.IssuingCrlDays.Default, SettingsSchema.IssuingCrlSeconds.Default);

    /// <summary>Gets the longest lifetime of an end-entity certificate in days.</summary>
    public int MaxCertLifetime { get; init; } = SettingsSchema.MaxCertLifetime.Default;

    /// <summary>Gets the host name where CRLs and CA certificates are published; null when they are not public.</summary>
    public string? PublicDomain { get; init; }

    /// <summary>Lists the OIDs of custom extensions that requests may ask for.</summary>
    public IReadOnlyList<string> CustomExtensionAllowlist { get; init; } = SettingsSchema.CustomExtensionAllowlist.Default;

    /// <summary>Lists the extended key usages that requests may ask for, as OIDs; empty: all (contract 12.14).</summary>
    public IReadOnlyList<string> ExtendedKeyUsageAllowlist { get; init; } = SettingsSchema.ExtendedKeyUsageAllowlist.Default;

    /// <summary>Says whether requests may ask for <c>OCSP_SIGNING</c>, whose holder answers for the issuing CA who is revoked
    /// (contract 12.20).</summary>
    public bool AllowOcspSigning { get; init; } = SettingsSchema.AllowOcspSigning.Default;

    /// <summary>Says whether alternative names may be of one label, such as <c>localhost</c> or <c>db</c>. Off, as in the
    /// original, unless the deployment says otherwise.</summary>
    public bool SingleLabelNames { get; init; } = SettingsSchema.SingleLabelNames.Default;

    /// <summary>Lists the policy OIDs that end-entity certificates assert; empty: no extension (contract 12.12).</summary>
    public IReadOnlyList<string> CertificatePolicies { get; init; } = SettingsSchema.CertificatePolicies.Default;

    /// <summary>Says which lints run, which refuse, and for which targets (contract 12.31).</summary>
    public LintPolicy Lints { get; init; } = new();

    /// <summary>Lists the policies that callers may be bound to; nobody is bound to one by this list alone.</summary>
    public IReadOnlyList<RequestPolicy> RequestPolicies { get; init; } = SettingsSchema.RequestPolicies.Default;

    /// <summary>Gets the name constraints of an issuing CA that is to be created; empty: it gets no such extension.</summary>
    public NameConstraints IssuingCaNameConstraints { get; init; } = SettingsSchema.IssuingCaNameConstraints.Default;

    /// <summary>Lists the days before expiry on which to remind.</summary>
    public IReadOnlyList<int> ExpiryReminders { get; init; } = SettingsSchema.ExpiryReminders.Default;

    /// <summary>Reads all settings, each from the source or by default; <see cref="SettingsCheck"/> checks them
    /// together.</summary>
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
        RequestPolicies = SettingsSchema.RequestPolicies.Read(source),
        IssuingCaNameConstraints = SettingsSchema.IssuingCaNameConstraints.Read(source),
        ExpiryReminders = SettingsSchema.ExpiryReminders.Read(source),
    };

    /// <summary>Reads what <see cref="PublicDomain"/> is: null unless the CRL is public; empty when it is, and no domain is
    /// set.</summary>
    public static string? PublicDomainOf(ISettingsSource source)
    {
        string domain = SettingsSchema.HostedZoneDomain.Read(source);
        return SettingsSchema.PublicCrl.Read(source) ? domain : null;
    }

    private static TimeSpan Life(int days, int seconds) => TimeSpan.FromDays(days) + TimeSpan.FromSeconds(seconds);
}

/// <summary>Finds settings that contradict each other: at the start, not at the first certificate.</summary>
public static class SettingsCheck
{
    /// <summary>Names the setting of the root's <see cref="CaInfo"/>.</summary>
    public static string RootCaInfo => SettingsSchema.RootCaInfo.Key!;

    /// <summary>Names the setting of the issuing CA's <see cref="CaInfo"/>.</summary>
    public static string IssuingCaInfo => SettingsSchema.IssuingCaInfo.Key!;

    /// <summary>Returns all problems, each naming the setting and what to do; empty when the settings are good.</summary>
    /// <param name="settings">What the host has read.</param>
    public static IReadOnlyList<string> Problems(CaSettings settings) =>
        [.. Contradictions(settings, setting => setting.Key!).Select(contradiction => contradiction.Message)];

    /// <summary>Returns all problems, each with the setting to change.</summary>
    /// <param name="settings">What the host has read.</param>
    /// <param name="nameOf">Returns the host's name of a setting.</param>
    public static IEnumerable<SettingsContradiction> Contradictions(CaSettings settings, Func<Setting, string> nameOf)
    {
        if (settings.MaxCertLifetime < 1)
        {
            yield return new(SettingsSchema.MaxCertLifetime, "at least 1", $"{nameOf(SettingsSchema.MaxCertLifetime)} is {settings.MaxCertLifetime}: give at least 1 day");
        }

        if (settings.PublicDomain is { } domain && !Names.DnsName.TryParse(domain, out _))
        {
            string flag = nameOf(SettingsSchema.PublicCrl);
            yield return new(
                SettingsSchema.HostedZoneDomain, domain.Length > 0 ? null : $"a host name, since {flag} is true",
                $"{flag} is on, but the domain '{domain}' is not a host name: set it, or switch {flag} off");
        }

        foreach (string word in settings.Lints.Contradictions)
        {
            yield return IgnoredAndRefusing(word, nameOf);
        }

        if (settings.RootCrlLife <= TimeSpan.Zero)
        {
            yield return NeverValid(SettingsSchema.RootCrlDays, SettingsSchema.RootCrlSeconds, nameOf);
        }

        if (settings.IssuingCrlLife <= TimeSpan.Zero)
        {
            yield return NeverValid(SettingsSchema.IssuingCrlDays, SettingsSchema.IssuingCrlSeconds, nameOf);
        }
    }

    private static SettingsContradiction IgnoredAndRefusing(string word, Func<Setting, string> nameOf) => new(
        SettingsSchema.LintIgnore, $"a list without '{word}', which {nameOf(SettingsSchema.LintRefuse)} holds",
        $"{nameOf(SettingsSchema.LintIgnore)} and {nameOf(SettingsSchema.LintRefuse)} both name '{word}': take it out of one of them");

    private static SettingsContradiction NeverValid(Setting days, Setting seconds, Func<Setting, string> nameOf) => new(
        days, $"at least 1, or {nameOf(seconds)} above 0", $"{nameOf(days)} and {nameOf(seconds)} give a CRL that is never valid: give at least 1 day");
}

/// <summary>Reports settings that contradict each other. Immutable.</summary>
/// <param name="Setting">The one to change.</param>
/// <param name="Expected">What would be right there, after "expected is"; null: only its use will show.</param>
/// <param name="Message">The problem: the setting, and what to do.</param>
public sealed record SettingsContradiction(Setting Setting, string? Expected, string Message);
