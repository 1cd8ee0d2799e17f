using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Expiry;

/// <summary>Warns of the end of a CA's own certificate (SPEC 12.29), whatever <c>expiry_reminders</c> says: replacing a CA
/// takes months, and a CA near its end shortens what it issues.</summary>
internal sealed class WarnOfCaExpiry(Deployment ca)
{
    private static readonly int[] Days = [365, 180, 90, 30]; // SPEC 12.29

    private readonly Announcer announcer = new(ca.Ledger, ca.Notifier);

    /// <summary>Sends the warning that is due, once each. Never throws for a warning that could not be delivered: it stays
    /// in the ledger for the next run.</summary>
    /// <exception cref="LedgerUnavailableException">The CA's row cannot be read.</exception>
    public async Task RunAsync(CertificateAuthority authority, CancellationToken cancellation)
    {
        DateTimeOffset now = ca.Clock.GetUtcNow();
        int left = WarningTime.DaysRemaining(authority.Certificate.NotAfter, now);
        if (authority.WhyNotUsable(now) is not null)
        {
            return;
        }

        // Of several days passed at once, as after a pause, the last one says it all. One that was too early is not caught up.
        int passed = Days.Append(DaysIssued(authority.Name))
            .Where(days => left <= days && !WarningTime.IsTooEarly(authority.Record, days)).DefaultIfEmpty(0).Min();
        if (passed > 0)
        {
            await announcer.TellAsync(ExpiryMessages.OfCa(authority.Record, SubjectText.Of(authority.Record), left, passed), onceOnly: true, cancellation);
        }
    }

    // The longest life of what the CA issues: with fewer days left, it ends with the CA (SPEC 12.10).
    private int DaysIssued(string caName) => caName == ca.Settings.Names.RootCa ? ca.Settings.IssuingCaInfo.Lifetime : ca.Settings.MaxCertLifetime;
}
