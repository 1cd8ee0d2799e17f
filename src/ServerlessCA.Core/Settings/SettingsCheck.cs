namespace ServerlessCA.Core.Settings;

/// <summary>Settings that contradict themselves are found at the start, not at the first certificate.</summary>
public static class SettingsCheck
{
    /// <summary>The setting of the root's <see cref="CaInfo"/>.</summary>
    public const string RootCaInfo = "root_ca_info";

    /// <summary>The setting of the issuing CA's <see cref="CaInfo"/>.</summary>
    public const string IssuingCaInfo = "issuing_ca_info";

    /// <summary>All problems, each naming the setting and what to do; empty when the settings are good.</summary>
    /// <param name="settings">What to check.</param>
    /// <param name="nameOf">What the host calls a setting of <c>settings.json</c>; absent: the same.</param>
    public static IReadOnlyList<string> Problems(CaSettings settings, Func<string, string>? nameOf = null)
    {
        nameOf ??= name => name;
        var problems = new List<string>();
        if (settings.MaxCertLifetime < 1)
        {
            problems.Add($"{nameOf("max_cert_lifetime")} is {settings.MaxCertLifetime}: give at least 1 day");
        }

        if (settings.PublicDomain is { } domain && !Names.DnsName.TryParse(domain, out _))
        {
            problems.Add($"{nameOf("public_crl")} is on, but the domain '{domain}' is not a host name: set it, or switch {nameOf("public_crl")} off");
        }

        if (settings.RootCrlLife <= TimeSpan.Zero)
        {
            problems.Add(NeverValid(nameOf("root_crl_days"), nameOf("root_crl_seconds")));
        }

        if (settings.IssuingCrlLife <= TimeSpan.Zero)
        {
            problems.Add(NeverValid(nameOf("issuing_crl_days"), nameOf("issuing_crl_seconds")));
        }

        return problems;
    }

    private static string NeverValid(string days, string seconds) =>
        $"{days} and {seconds} give a CRL that is never valid: give at least 1 day";
}
