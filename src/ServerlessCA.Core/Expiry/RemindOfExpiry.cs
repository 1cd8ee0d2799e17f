using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Expiry;

/// <summary>Reminds of certificates that expire soon or have expired (contract section 8): those with <c>NotifyExpiry</c>,
/// and those of GitOps entries from before that attribute existed. None for renewed or revoked ones (contract 12.15).</summary>
public sealed class RemindOfExpiry(Deployment ca)
{
    private const string Mark = "expiry";

    private readonly GitOpsCertificates gitOps = new(ca);
    private readonly EventPublisher publisher = new(ca.Ledger, ca.Notifier);

    /// <summary>Runs it once.</summary>
    /// <exception cref="LedgerUnavailableException">Some reminders may have gone out: run again.</exception>
    /// <exception cref="FilesUnavailableException">Nothing was done: run again.</exception>
    public async Task<ExpiryOutcome> RunAsync(CancellationToken cancellation)
    {
        ReminderDecision decided = await DecideAsync(cancellation);
        int warnings = 0;
        int expired = 0;
        foreach (Reminder reminder in decided.Due)
        {
            bool told = await RemindAsync(reminder, decided.At, cancellation);
            warnings += told && !reminder.HasExpired ? 1 : 0;
            expired += told && reminder.HasExpired ? 1 : 0;
        }

        // Only a whole run counts: what this one missed the next catches up.
        await ca.Ledger.SetMarkAsync(Mark, TableTime.WholeSeconds(decided.At), cancellation);
        return new ExpiryOutcome(warnings, expired, decided.Problems);
    }

    /// <summary>Whom <see cref="RunAsync"/> would remind now, and why; nothing is changed.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    /// <exception cref="FilesUnavailableException"><c>tls.json</c> or a CSR cannot be read.</exception>
    public async Task<ReminderDecision> DecideAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = ca.Clock.GetUtcNow();
        var rules = new ReminderRules(ca.Settings.ExpiryReminders, now, await ca.Ledger.FindMarkAsync(Mark, cancellation));
        var problems = new List<string>();
        var candidates = new Dictionary<RowId, Reminder>();
        (DateOnly first, DateOnly last) = rules.Range();
        await foreach (CertificateRecord row in ca.Ledger.ListExpiringAsync(first, last, cancellation).Concat(gitOps.ListAsync(problems, cancellation)))
        {
            if (rules.Of(row) is { } reminder)
            {
                candidates[RowId.Of(row)] = reminder;
            }
        }

        var due = new List<Reminder>();
        var renewed = new List<Reminder>();
        var rowsOf = new Dictionary<string, IReadOnlyList<CertificateRecord>>(StringComparer.Ordinal);
        foreach (Reminder reminder in candidates.Values.OrderBy(candidate => candidate.Row.Expires).ThenBy(candidate => candidate.Row.SerialNumber))
        {
            string name = reminder.Row.CommonName;
            IReadOnlyList<CertificateRecord> sameName = rowsOf.GetValueOrDefault(name)
                ?? (rowsOf[name] = await ca.Ledger.FindByNameAsync(name, cancellation));
            (Renewal.IsRenewed(reminder.Row, sameName) ? renewed : due).Add(reminder);
        }

        return new ReminderDecision(now, due, renewed, problems);
    }

    private async Task<bool> RemindAsync(Reminder reminder, DateTimeOffset now, CancellationToken cancellation)
    {
        CertificateRecord row = reminder.Row;
        Notification message = ExpiryMessages.Reminder(row, SubjectText.Of(row), reminder.DaysRemaining, reminder.HasExpired, now);
        bool noted = await ca.Ledger.AddReminderAsync(
            RowId.Of(row), TableTime.WholeSeconds(now), row.ExpiryReminders.Count, message, cancellation);
        if (noted)
        {
            await publisher.DeliverAsync(message, cancellation);
        }

        return noted;
    }
}

/// <summary>Which certificates are to be reminded of, decided before anything is changed. Immutable.</summary>
/// <param name="At">UTC: when it was decided.</param>
/// <param name="Due">What goes out, the first to expire first.</param>
/// <param name="Renewed">What is held back, since a younger certificate has taken its place.</param>
/// <param name="Problems">Entries of <c>tls.json</c> that could not be looked at; the others were.</param>
public sealed record ReminderDecision(
    DateTimeOffset At, IReadOnlyList<Reminder> Due, IReadOnlyList<Reminder> Renewed, IReadOnlyList<string> Problems);

/// <summary>What an expiry run did. Immutable.</summary>
/// <param name="Warnings">Reminders that went out.</param>
/// <param name="Expired">Certificates told to have expired.</param>
/// <param name="Problems">Entries of <c>tls.json</c> that could not be looked at; the others were.</param>
public sealed record ExpiryOutcome(int Warnings, int Expired, IReadOnlyList<string> Problems);
