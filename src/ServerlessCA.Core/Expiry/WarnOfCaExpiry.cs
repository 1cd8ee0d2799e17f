using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;

namespace ServerlessCA.Core.Expiry;

/// <summary>Warns of the end of a CA's own certificate (contract 12.29), whatever <c>expiry_reminders</c> says: replacing a CA
/// takes months, and a CA near its end shortens the certificates that it issues.</summary>
internal sealed class WarnOfCaExpiry(Deployment ca)
{
    private static readonly int[] Days = [365, 180, 90, 30]; // contract 12.29

    private readonly EventPublisher publisher = new(ca.Ledger, ca.Notifier);

    /// <summary>Returns the warning that is due; null when none is.</summary>
    public CaExpiryWarning? Decide(CertificateAuthority authority)
    {
        DateTimeOffset now = ca.Clock.GetUtcNow();
        if (authority.WhyNotUsable(now) is not null)
        {
            return null;
        }

        // Of several days that passed at once, as after a pause, only the last one counts. One that was too early is never sent.
        int left = WarningTime.DaysRemaining(authority.Certificate.NotAfter, now);
        int passed = Days.Append(DaysIssued(authority.Name))
            .Where(days => left <= days && !WarningTime.IsTooEarly(authority.Record, days)).DefaultIfEmpty(0).Min();
        return passed > 0 ? new CaExpiryWarning(authority, left, passed) : null;
    }

    /// <summary>Sends each warning once. Does not throw when one cannot be delivered: it stays in the ledger's outbox for the
    /// next run.</summary>
    public Task DoAsync(CaExpiryWarning? due, CancellationToken cancellation) => due is null
        ? Task.CompletedTask
        : publisher.PublishAsync(
            ExpiryMessages.OfCa(due.Authority.Record, SubjectText.Of(due.Authority.Record), due.DaysRemaining, due.Day), onceOnly: true, cancellation);

    // The longest lifetime of what the CA issues: with fewer days left, certificates end with the CA (contract 12.10).
    private int DaysIssued(string caName) => caName == ca.Settings.Names.RootCa ? ca.Settings.IssuingCaInfo.Lifetime : ca.Settings.MaxCertLifetime;
}

/// <summary>Is a warning of the end of a CA's own certificate. Immutable.</summary>
/// <param name="Authority">The CA that expires.</param>
/// <param name="DaysRemaining">Days left, by date.</param>
/// <param name="Day">The warning day that was reached, in days before the end: each is warned of once.</param>
public sealed record CaExpiryWarning(CertificateAuthority Authority, int DaysRemaining, int Day);
