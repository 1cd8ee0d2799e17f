using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Expiry;

/// <summary>Reminds of certificates that expire soon or have expired (SPEC section 8): those with <c>NotifyExpiry</c>,
/// and those of GitOps entries from before that attribute existed. None for renewed or revoked ones (SPEC 12.15).</summary>
public sealed class RemindOfExpiry(Deployment ca)
{
    private const string Mark = "expiry";

    private readonly GitOpsCertificates gitOps = new(ca);
    private readonly Announcer announcer = new(ca.Ledger, ca.Notifier);

    /// <summary>Runs it once.</summary>
    /// <exception cref="LedgerUnavailableException">Some reminders may have gone out: run again.</exception>
    /// <exception cref="FilesUnavailableException">The same.</exception>
    public async Task<ExpiryOutcome> RunAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = ca.Clock.GetUtcNow();
        DateTimeOffset? lastRun = await ca.Ledger.FindMarkAsync(Mark, cancellation);
        var due = new DueReminder(ca.Settings.ExpiryReminders, now, lastRun);
        var problems = new List<string>();

        var candidates = new Dictionary<RowId, CertificateRecord>();
        (DateOnly first, DateOnly last) = due.Range();
        await foreach (CertificateRecord row in ca.Ledger.ListExpiringAsync(first, last, cancellation)
            .Concat(gitOps.ListAsync(problems, cancellation)).Where(row => IsDue(row, due)))
        {
            candidates[new RowId(row.CommonName, row.SerialNumber)] = row;
        }

        int warnings = 0;
        int expired = 0;
        foreach (CertificateRecord row in candidates.Values.OrderBy(row => row.Expires).ThenBy(row => row.SerialNumber))
        {
            Due what = await WorthTellingAsync(row, due, cancellation);
            bool told = what != Due.Nothing && await RemindAsync(row, what, due.DaysRemaining(row), now, cancellation);
            warnings += told && what == Due.Warning ? 1 : 0;
            expired += told && what == Due.Expired ? 1 : 0;
        }

        // Only a whole run counts: what this one missed the next catches up.
        await ca.Ledger.SetMarkAsync(Mark, TableTime.WholeSeconds(now), cancellation);
        return new ExpiryOutcome(warnings, expired, problems);
    }

    private static bool IsDue(CertificateRecord row, DueReminder due) => !row.IsCa && row.Revoked is null && due.Of(row) != Due.Nothing;

    private async Task<Due> WorthTellingAsync(CertificateRecord row, DueReminder due, CancellationToken cancellation)
    {
        IReadOnlyList<CertificateRecord> sameName = await ca.Ledger.FindByNameAsync(row.CommonName, cancellation);
        return Renewal.IsRenewed(row, sameName) ? Due.Nothing : due.Of(row);
    }

    private async Task<bool> RemindAsync(CertificateRecord row, Due what, int daysLeft, DateTimeOffset now, CancellationToken cancellation)
    {
        Notification reminder = ExpiryMessages.Reminder(row, SubjectText.Of(row), what == Due.Expired ? 0 : daysLeft, what == Due.Expired, now);
        bool noted = await ca.Ledger.AddReminderAsync(
            new RowId(row.CommonName, row.SerialNumber), TableTime.WholeSeconds(now), row.ExpiryReminders.Count, reminder, cancellation);
        if (noted)
        {
            await announcer.DeliverAsync(reminder, cancellation);
        }

        return noted;
    }
}
