namespace ServerlessCA.Core.Settings;

/// <summary>Settings that contradict each other are found at the start, not at the first certificate.</summary>
public static class SettingsCheck
{
    /// <summary>The setting of the root's <see cref="CaInfo"/>.</summary>
    public static string RootCaInfo => SettingsSchema.RootCaInfo.Key!;

    /// <summary>The setting of the issuing CA's <see cref="CaInfo"/>.</summary>
    public static string IssuingCaInfo => SettingsSchema.IssuingCaInfo.Key!;

    /// <summary>All problems, each naming the setting and what to do; empty when the settings are good.</summary>
    /// <param name="settings">What to check.</param>
    public static IReadOnlyList<string> Problems(CaSettings settings) =>
        [.. Contradictions(settings, setting => setting.Key!).Select(contradiction => contradiction.Message)];

    /// <summary>The same, with the setting to change.</summary>
    /// <param name="settings">What to check.</param>
    /// <param name="nameOf">What the host calls a setting.</param>
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

/// <summary>Settings that do not go together. Immutable.</summary>
/// <param name="Setting">The one to change.</param>
/// <param name="Expected">What would do there, behind "expected is"; null: it can be told only when it is worked with.</param>
/// <param name="Message">The whole of it: the setting, and what to do.</param>
public sealed record SettingsContradiction(Setting Setting, string? Expected, string Message);
