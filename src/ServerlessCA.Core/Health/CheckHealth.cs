using System.Globalization;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Health;

/// <summary>Checks a deployment for monitoring, and changes nothing.</summary>
public sealed class CheckHealth(Deployment ca)
{
    /// <summary>Returns a finding for everything that was checked, good ones too.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    /// <exception cref="FilesUnavailableException">The published files cannot be read.</exception>
    public async Task<IReadOnlyList<HealthFinding>> RunAsync(CancellationToken cancellation)
    {
        var findings = new List<HealthFinding>();
        DateTimeOffset now = ca.Clock.GetUtcNow();
        CaNames names = ca.Settings.Names;
        foreach (string problem in SettingsCheck.Problems(ca.Settings))
        {
            findings.Add(new HealthFinding(HealthLevel.Critical, "settings", problem));
        }

        CertificateAuthority? root = await CertificateAuthority.FindAsync(ca.Ledger, names.RootCa, cancellation);
        CertificateAuthority? issuing = await CertificateAuthority.FindAsync(ca.Ledger, names.IssuingCa, cancellation);
        foreach ((string name, CertificateAuthority? authority) in ((string, CertificateAuthority?)[])[(names.RootCa, root), (names.IssuingCa, issuing)])
        {
            findings.Add(authority is null
                ? new HealthFinding(HealthLevel.Critical, name, "does not exist: run the pipeline")
                : CaHealth.OfAuthority(authority, now));
            if (authority is not null)
            {
                findings.Add(await KeyAsync(authority, cancellation));
                findings.AddRange(await new PublishedHealth(ca, authority).RunAsync(now, cancellation));
            }
        }

        if (root is not null && issuing is not null && CaHealth.OfChain(root, issuing) is { } broken)
        {
            findings.Add(broken);
        }

        findings.AddRange(CaSettingsHealth.Of(ca.Settings, root, issuing));
        findings.AddRange(await new TableHealth(ca).RunAsync(now, cancellation));
        findings.Add(await EventsAsync(cancellation));
        return findings;
    }

    private async Task<HealthFinding> KeyAsync(CertificateAuthority authority, CancellationToken cancellation)
    {
        string what = $"{authority.Name} key";
        try
        {
            await authority.KeyAsync(ca.Keys, cancellation);
            return new HealthFinding(HealthLevel.Good, what, "is there, and is that of the certificate");
        }
        catch (CaKeyUnavailableException missing)
        {
            return new HealthFinding(HealthLevel.Critical, what, missing.Message);
        }
    }

    private async Task<HealthFinding> EventsAsync(CancellationToken cancellation)
    {
        int waiting = (await ca.Ledger.ReadOutboxAsync(1000, cancellation)).Count;
        return waiting == 0
            ? new HealthFinding(HealthLevel.Good, "notifications", "none waits to be delivered")
            : new HealthFinding(HealthLevel.Warning, "notifications", string.Create(
                CultureInfo.InvariantCulture, $"{waiting} wait to be delivered: the next run tries again; see whether their target works"));
    }
}

/// <summary>Says what one check found. Immutable.</summary>
/// <param name="Level">How bad it is.</param>
/// <param name="Check">What was checked, in a word or two, such as <c>issuing CRL</c>.</param>
/// <param name="Message">What was found, and what to do.</param>
public sealed record HealthFinding(HealthLevel Level, string Check, string Message);

/// <summary>Says how bad a finding is.</summary>
public enum HealthLevel
{
    /// <summary>It is as it should be.</summary>
    Good,

    /// <summary>Somebody should look at it soon.</summary>
    Warning,

    /// <summary>Something does not work, or will not work within a day.</summary>
    Critical,
}

/// <summary>Checks the certificate of a CA.</summary>
internal static class CaHealth
{
    private const double CriticalShare = 0.95; // of its life; our decision: a year before the end of a root that lives 20 years

    public static HealthFinding OfAuthority(CertificateAuthority authority, DateTimeOffset now)
    {
        DateTimeOffset from = authority.Certificate.NotBefore;
        DateTimeOffset until = authority.Certificate.NotAfter;
        string end = TableTime.Text(until);
        (HealthLevel level, string message) =
            now < from ? (HealthLevel.Critical, $"is valid only from {TableTime.Text(from)}: check the clock")
            : authority.WhyNotUsable(now) is { } why ? (HealthLevel.Critical, $"{why}: it issues nothing any more")
            : (now - from) > (until - from) * CriticalShare ? (HealthLevel.Critical, $"expires on {end}: replace it in time")
            : (HealthLevel.Good, string.Create(CultureInfo.InvariantCulture, $"valid until {end}, {(until - now).TotalDays:F0} days left"));
        return new HealthFinding(level, authority.Name, message);
    }

    /// <summary>Reports an issuing CA that was signed by another key than the root's, as when only the root was re-created; null
    /// when all is well.</summary>
    public static HealthFinding? OfChain(CertificateAuthority root, CertificateAuthority issuing) =>
        issuing.Certificate.IsSignedBy(root.Certificate.PublicKey!) ? null : new HealthFinding(
            HealthLevel.Critical, issuing.Name, $"was not signed by {root.Name} as it is now: nobody who trusts that can verify a certificate; "
                + "restore row and key of the former root from a backup, or replace the issuing CA, too");
}

/// <summary>Checks the settings of the CA certificates: no CA can be created with bad ones; one that exists goes on (contract
/// 12.30).</summary>
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
