using System.Runtime.CompilerServices;
using System.Text.Json;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Expiry;

/// <summary>Reminds of certificates that expire soon or have expired (contract section 8): those with <c>NotifyExpiry</c>, and
/// those of GitOps entries that are older than this attribute. Renewed and revoked certificates get no reminder (contract
/// 12.15).</summary>
/// <param name="ca">The deployment that reminds.</param>
/// <param name="ofRun">The list that a run has read, which is not read again; null: there is no run.</param>
public sealed class RemindOfExpiry(Deployment ca, GitOpsEntries? ofRun = null)
{
    private const string Mark = "expiry";

    private readonly GitOpsCertificates gitOps = new(ca, ofRun);
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
            bool sent = await RemindAsync(reminder, decided.At, cancellation);
            warnings += sent && !reminder.HasExpired ? 1 : 0;
            expired += sent && reminder.HasExpired ? 1 : 0;
        }

        // Only a complete run is noted: the next run catches up with what this one missed.
        await ca.Ledger.SetMarkAsync(Mark, TableTime.WholeSeconds(decided.At), cancellation);
        return new ExpiryOutcome(warnings, expired, decided.Problems);
    }

    /// <summary>Decides which reminders <see cref="RunAsync"/> would send now, and why; changes nothing.</summary>
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
        foreach (IGrouping<string, Reminder> ofName in candidates.Values.GroupBy(candidate => candidate.Row.CommonName, StringComparer.Ordinal))
        {
            // The rows of a name are not kept: a day may have ten thousand.
            IReadOnlyList<CertificateRecord> sameName = await ca.Ledger.FindByNameAsync(ofName.Key, cancellation);
            foreach (Reminder reminder in ofName)
            {
                (Renewal.IsRenewed(reminder.Row, sameName) ? renewed : due).Add(reminder);
            }
        }

        return new ReminderDecision(now, InOrder(due), InOrder(renewed), problems);
    }

    private static IReadOnlyList<Reminder> InOrder(IEnumerable<Reminder> reminders) =>
        [.. reminders.OrderBy(reminder => reminder.Row.Expires).ThenBy(reminder => reminder.Row.SerialNumber)];

    private async Task<bool> RemindAsync(Reminder reminder, DateTimeOffset now, CancellationToken cancellation)
    {
        CertificateRecord row = reminder.Row;
        Notification message = ExpiryMessages.Reminder(row, SubjectText.Of(row), reminder.DaysRemaining, reminder.HasExpired, now);
        bool noted = await ca.Ledger.AddReminderAsync(
            RowId.Of(row), TableTime.WholeSeconds(now), row.ExpiryReminders.Count, message, HistoryEntry.Reminded(row, now, ca.Actor), cancellation);
        if (noted)
        {
            await publisher.DeliverAsync(message, cancellation);
        }

        return noted;
    }
}

/// <summary>Holds the reminders that are due, decided before anything is changed. Immutable.</summary>
/// <param name="At">UTC: when it was decided.</param>
/// <param name="Due">The reminders to send, the first to expire first.</param>
/// <param name="Renewed">The reminders that are not sent, since a newer certificate has replaced the old one.</param>
/// <param name="Problems">Entries of <c>tls.json</c> that could not be read; the others were.</param>
public sealed record ReminderDecision(
    DateTimeOffset At, IReadOnlyList<Reminder> Due, IReadOnlyList<Reminder> Renewed, IReadOnlyList<string> Problems);

/// <summary>Says what an expiry run did. Immutable.</summary>
/// <param name="Warnings">How many reminders of coming expiries were sent.</param>
/// <param name="Expired">How many notifications of expired certificates were sent.</param>
/// <param name="Problems">Entries of <c>tls.json</c> that could not be read; the others were.</param>
public sealed record ExpiryOutcome(int Warnings, int Expired, IReadOnlyList<string> Problems);

/// <summary>Finds the certificates of the entries in <c>tls.json</c>. The original wrote no <c>NotifyExpiry</c> at first and
/// reminds of these certificates all the same (contract section 8); until they are migrated, the ledger may not list such rows
/// among those that expire. A broken entry does not affect the others (contract 12.15).</summary>
internal sealed class GitOpsCertificates(Deployment ca, GitOpsEntries? ofRun)
{
    public async IAsyncEnumerable<CertificateRecord> ListAsync(
        List<string> problems, [EnumeratorCancellation] CancellationToken cancellation)
    {
        GitOpsEntries entries = ofRun ?? await GitOpsEntries.ReadAsync(ca.InternalFiles, cancellation);
        if (entries.Fault is { } fault)
        {
            problems.Add(fault);
        }

        await foreach (((int index, _), (IEnumerable<CertificateRecord> rows, string? problem)) in LookUps.OfAsync(
            entries.Elements.Index(), entry => FindAsync(entry.Item, cancellation), cancellation))
        {
            if (problem is not null)
            {
                problems.Add($"{entries.PlaceOf(index + 1)}: {problem}");
            }

            foreach (CertificateRecord row in rows)
            {
                yield return row;
            }
        }
    }

    private async Task<(IEnumerable<CertificateRecord> Rows, string? Problem)> FindAsync(JsonElement element, CancellationToken cancellation)
    {
        if (!RequestReader.TryRead(element, ca.Settings.SingleLabelNames, out CertificateRequest? request, out Rejection? why))
        {
            return ([], why.Message);
        }

        if (request.CsrFile is not { } file)
        {
            return ([], "it needs csr_file");
        }

        (CertificateSigningRequest? named, string? unread) = request.CommonName is null ? await ReadCsrAsync(file, cancellation) : (null, null);
        if ((request.CommonName ?? named?.CommonName) is not { } name)
        {
            return ([], unread ?? "it needs common_name, since there is no CSR with one");
        }

        IReadOnlyList<CertificateRecord> rows = await ca.Ledger.FindByNameAsync(name, cancellation);
        IEnumerable<CertificateRecord> marked = rows.Where(row => row.NotifyExpiry is true);
        if (rows.All(row => row.NotifyExpiry is not null))
        {
            return (marked, null);
        }

        (CertificateRecord? newest, string? problem) = await NewestAsync(file, rows, cancellation);
        return (newest is { NotifyExpiry: null } ? marked.Append(newest) : marked, problem);
    }

    // Finds the newest row of the subject whose certificate has the CSR's key.
    private async Task<(CertificateRecord? Row, string? Problem)> NewestAsync(
        string file, IReadOnlyList<CertificateRecord> rows, CancellationToken cancellation)
    {
        (CertificateSigningRequest? csr, string? fault) = await ReadCsrAsync(file, cancellation);
        if (csr is null)
        {
            return (null, fault); // or gone after it was issued
        }

        ReadOnlyMemory<byte>? subject = rows.Where(row => KeyReuse.KeyOf(row) == csr.PublicKey.Hash).Select(Renewal.SubjectOf).FirstOrDefault();
        CertificateRecord? newest = subject is not { } own ? null : rows
            .Where(row => Renewal.SubjectOf(row) is { } others && others.Span.SequenceEqual(own.Span))
            .MaxBy(row => row.Issued);
        return (newest, null);
    }

    // Returns neither a CSR nor a fault when the file is gone.
    private async Task<(CertificateSigningRequest? Csr, string? Fault)> ReadCsrAsync(string file, CancellationToken cancellation)
    {
        try
        {
            if (await ca.InternalFiles.ReadAsync(GitOpsEntries.CsrKey(file), cancellation) is not { } stored)
            {
                return (null, null);
            }

            return !TextFile.TryRead(stored.Content.Span, out string? pem, out TextFault? unread) ? (null, $"{GitOpsEntries.CsrKey(Excerpt.Of(file))}: {unread}")
                : CertificateSigningRequest.TryParsePem(pem, out CertificateSigningRequest? csr, out string? fault) ? (csr, null)
                : (null, fault);
        }
        catch (FilesUnavailableException unfit) when (unfit.IsUnfit)
        {
            return (null, unfit.Message);
        }
    }
}
