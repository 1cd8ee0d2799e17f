namespace ServerlessCA.Core.Settings;

/// <summary>Settings that contradict themselves are found at the start, not at the first certificate.</summary>
public static class SettingsCheck
{
    /// <summary>All problems, each naming the setting and what to do; empty when the settings are good.</summary>
    public static IReadOnlyList<string> Problems(CaSettings settings)
    {
        var problems = new List<string>();
        if (settings.MaxCertLifetime < 1)
        {
            problems.Add($"max_cert_lifetime is {settings.MaxCertLifetime}: give at least 1 day");
        }

        if (settings.PublicDomain is { } domain && !Names.DnsName.TryParse(domain, out _))
        {
            problems.Add($"public_crl is on, but the domain '{domain}' is not a host name: set it, or switch public_crl off");
        }

        if (settings.RootCrlLife <= TimeSpan.Zero)
        {
            problems.Add("root_crl_days and root_crl_seconds give a CRL that is never valid: give at least 1 day");
        }

        if (settings.IssuingCrlLife <= TimeSpan.Zero)
        {
            problems.Add("issuing_crl_days and issuing_crl_seconds give a CRL that is never valid: give at least 1 day");
        }

        return problems;
    }
}
