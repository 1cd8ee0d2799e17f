using ServerlessCA.Core.History;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Revokes one certificate now, without a list: for a CA that is not run by pull request. The next CRL lists
/// it.</summary>
public sealed class RevokeCertificate(Deployment ca)
{
    private readonly EventPublisher publisher = new(ca.Ledger, ca.Notifier);

    /// <summary>Says why a certificate cannot be revoked; null when it can, if it exists.</summary>
    public static string? WhyNot(CaNames names, string commonName) => commonName == names.RootCa
        ? $"{commonName} cannot revoke itself: who trusts a root does not check it against its own CRL"
        : null;

    /// <summary>Says what to do where <see cref="WhyNot"/> says that it cannot be revoked; a sentence without its end.</summary>
    public static string Instead(CaNames names) => $"Revoke {names.IssuingCa}, and have the root taken out of every trust store that has it";

    /// <summary>Marks the certificate's row.</summary>
    /// <param name="row">The certificate to revoke.</param>
    /// <param name="reason">A graver one replaces that of an earlier revocation.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>What the ledger did: a row that was revoked before keeps its date; a graver reason replaces the old
    /// one.</returns>
    /// <exception cref="ArgumentException">It cannot be revoked: <see cref="WhyNot"/>.</exception>
    /// <exception cref="LedgerUnavailableException">The row may be marked: repeating is safe.</exception>
    public async Task<RevokeOutcome> RunAsync(RowId row, RevocationReason reason, CancellationToken cancellation)
    {
        CertificateRecord? record = await ca.Ledger.FindAsync(row.CommonName, row.SerialNumber, cancellation);
        if (record is null)
        {
            return RevokeOutcome.NotFound;
        }

        if (WhyNot(ca.Settings.Names, record.CommonName) is { } why)
        {
            throw new ArgumentException(why, nameof(row));
        }

        // Only its root's CRL announces a CA's revocation, as with a list (contract section 8). A row that lost its mark is not
        // announced again: the CRL has the date of its revocation (contract 12.21).
        DateTimeOffset now = ca.Clock.GetUtcNow();
        CertificateRevocation? known = record.Revoked is null ? await FindOnCrlAsync(record, cancellation) : null;
        Notification? notification = record.IsCa || known is not null ? null : RevocationMessages.Revoked(record, now, SubjectText.Of(record));
        CertificateRevocation revocation = new CertificateRevocation(TableTime.WholeSeconds(now), reason).After(known);
        RevokeOutcome outcome = await ca.Ledger.RevokeAsync(
            row, revocation, ReservedKey.Of(record), notification, HistoryEntry.Revoked(row, revocation, ca.Actor), cancellation);
        if (outcome == RevokeOutcome.Revoked && notification is not null)
        {
            await publisher.DeliverAsync(notification, cancellation);
        }

        return outcome;
    }

    // A file that cannot be read now stops no revocation: the date on the CRL stays on the next one, whatever the row says.
    private async Task<CertificateRevocation?> FindOnCrlAsync(CertificateRecord record, CancellationToken cancellation)
    {
        if (await CertificateAuthority.FindSignerAsync(ca.Ledger, ca.Settings.Names, record, cancellation) is not { } authority)
        {
            return null;
        }

        try
        {
            LastCrl last = await LastCrl.ReadAsync(new CrlFiles(ca, authority), new CrlMarks(ca.Ledger, authority), ca.Clock, cancellation);
            return last.TryFind(record.SerialNumber, out CrlEntry entry) ? new CertificateRevocation(entry.RevokedAt, entry.Reason) : null;
        }
        catch (FilesUnavailableException)
        {
            return null;
        }
    }
}
