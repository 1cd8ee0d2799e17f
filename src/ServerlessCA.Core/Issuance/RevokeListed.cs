using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>Marks the certificates of an operator's list as revoked. An entry that does not fit is told and skipped.</summary>
internal sealed class RevokeListed(Deployment ca, bool tell)
{
    private const int LookUpsAtOnce = 16; // a list keeps every old entry and is read every day

    private readonly Announcer announcer = new(ca.Ledger, ca.Notifier);

    /// <summary>Runs it once.</summary>
    public async Task<ListedRevocations> RunAsync(
        CertificateAuthority authority, RevocationEntries list, DateTimeOffset now, CancellationToken cancellation)
    {
        var problems = new List<string>(list.Problems);
        var revoked = new List<CertificateRecord>();
        int newly = 0;
        foreach (RevocationEntry[] entries in list.Entries.Chunk(LookUpsAtOnce))
        {
            CertificateRecord?[] rows = await Task.WhenAll(
                entries.Select(entry => ca.Ledger.FindAsync(entry.CommonName, entry.SerialNumber, cancellation)));
            foreach ((RevocationEntry entry, CertificateRecord? row) in entries.Zip(rows))
            {
                if (WhyNot(authority, row) is { } why)
                {
                    problems.Add($"'{entry.CommonName}', serial number {entry.SerialNumber}: {why}");
                    continue;
                }

                (CertificateRecord? present, bool byUs) = row!.Revoked is null
                    ? await RevokeAsync(row, entry.Reason, now, cancellation)
                    : (row, false);
                newly += byUs ? 1 : 0;
                revoked.AddRange(present is null ? [] : [present]);
            }
        }

        return new ListedRevocations(revoked, newly, problems);
    }

    private static string? WhyNot(CertificateAuthority authority, CertificateRecord? row) =>
        row is null ? "there is no such certificate"
        : row.CommonName == authority.Name ? $"{authority.Name} cannot revoke itself"
        : !authority.Signed(row) ? $"it was not issued by {authority.Name}"
        : null;

    // Somebody else may have revoked it since it was read, with another date.
    private async Task<(CertificateRecord? Row, bool ByUs)> RevokeAsync(
        CertificateRecord row, RevocationReason reason, DateTimeOffset now, CancellationToken cancellation)
    {
        Notification? toTell = tell ? RevocationMessages.Revoked(row, now, SubjectText.Of(row)) : null;
        var revocation = new CertificateRevocation(TableTime.WholeSeconds(now), reason);
        RevokeOutcome outcome = await ca.Ledger.RevokeAsync(
            new RowId(row.CommonName, row.SerialNumber), revocation, ReservedKey.Of(row), toTell, cancellation);
        if (outcome != RevokeOutcome.Revoked)
        {
            return (await ca.Ledger.FindAsync(row.CommonName, row.SerialNumber, cancellation), false);
        }

        if (toTell is not null)
        {
            await announcer.DeliverAsync(toTell, cancellation);
        }

        return (row with { Revoked = revocation }, true);
    }
}
