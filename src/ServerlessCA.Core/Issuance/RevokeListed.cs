using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>Marks the certificates of an operator's list as revoked. An entry that does not fit is told and skipped.</summary>
internal sealed class RevokeListed(Deployment ca, bool tell)
{
    private readonly Announcer announcer = new(ca.Ledger, ca.Notifier);

    /// <returns>How many were newly revoked, and what was skipped.</returns>
    public async Task<(int NewlyRevoked, IReadOnlyList<string> Problems)> RunAsync(
        CertificateAuthority authority, RevocationEntries list, DateTimeOffset now, CancellationToken cancellation)
    {
        var problems = new List<string>(list.Problems);
        int newlyRevoked = 0;
        foreach (RevocationEntry entry in list.Entries)
        {
            CertificateRecord? row = await ca.Ledger.FindAsync(entry.CommonName, entry.SerialNumber, cancellation);
            if (WhyNot(authority, row) is { } why)
            {
                problems.Add($"'{entry.CommonName}', serial number {entry.SerialNumber}: {why}");
            }
            else if (row!.Revoked is null)
            {
                newlyRevoked += await RevokeAsync(row, entry.Reason, now, cancellation) ? 1 : 0;
            }
        }

        return (newlyRevoked, problems);
    }

    private static string? WhyNot(CertificateAuthority authority, CertificateRecord? row) =>
        row is null ? "there is no such certificate"
        : row.CommonName == authority.Name ? $"{authority.Name} cannot revoke itself"
        : !authority.Signed(row) ? $"it was not issued by {authority.Name}"
        : null;

    private async Task<bool> RevokeAsync(CertificateRecord row, RevocationReason reason, DateTimeOffset now, CancellationToken cancellation)
    {
        Notification? toTell = tell ? RevocationMessages.Revoked(row, now, SubjectText.Of(row)) : null;
        var revocation = new CertificateRevocation(TableTime.WholeSeconds(now), reason);
        RevokeOutcome outcome = await ca.Ledger.RevokeAsync(row.CommonName, row.SerialNumber, revocation, toTell, cancellation);
        if (outcome == RevokeOutcome.Revoked && toTell is not null)
        {
            await announcer.DeliverAsync(toTell, cancellation);
        }

        return outcome == RevokeOutcome.Revoked;
    }
}
