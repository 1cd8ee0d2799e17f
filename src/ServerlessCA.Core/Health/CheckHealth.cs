using System.Globalization;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Health;

/// <summary>Looks over a deployment and changes nothing: for monitoring.</summary>
public sealed class CheckHealth(Deployment ca)
{
    /// <summary>Everything that was looked at, good findings too.</summary>
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
