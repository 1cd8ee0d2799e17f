using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>Marks the certificates of an operator's list as revoked (SPEC 12.22). An entry that cannot be carried out has
/// failed, and stops no other.</summary>
/// <param name="ca">The deployment.</param>
/// <param name="tell">Whether newly revoked certificates are told of.</param>
internal sealed class RevokeListed(Deployment ca, bool tell)
{
    private const int LookUpsAtOnce = 16; // a list keeps every old entry and is read every day

    private readonly Announcer announcer = new(ca.Ledger, ca.Notifier);

    /// <summary>Runs it once.</summary>
    /// <param name="authority">Whose CRL.</param>
    /// <param name="list">The list.</param>
    /// <param name="last">What the last CRL has.</param>
    /// <param name="now">UTC.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<ListedRevocations> RunAsync(
        CertificateAuthority authority, RevocationEntries list, CrlMerge last, DateTimeOffset now, CancellationToken cancellation)
    {
        var run = new Run(authority, last, now, new IssuersOfRows(ca), [.. list.Failures], [.. list.Warnings]);
        foreach (ListedEntry[] entries in list.Entries.Chunk(LookUpsAtOnce))
        {
            foreach (ListedRow found in await Task.WhenAll(entries.Select(entry => ListedRow.FindAsync(ca.Ledger, authority, entry, cancellation))))
            {
                run.Warnings.AddRange(found.Warning is { } warning ? [warning] : []);
                string? why = found.Why ?? (found.Row is { } row
                    ? await OfRowAsync(run, found, row, cancellation)
                    : WithoutRow(run, found));
                run.Failures.AddRange(((string?[])[why, found.Entry.Fault]).OfType<string>().Select(reason => new EntryFailure(found.Entry.Place, reason)));
            }
        }

        return new ListedRevocations([.. run.Rows.Values], run.Rowless, run.Wanted, run.Newly, run.Failures, run.Warnings);
    }

    // What is on the CRL stays there, whatever became of its row (SPEC 12.21).
    private static string? WithoutRow(Run run, ListedRow found)
    {
        SerialNumber serial = found.Entry.Serial.InTurn.FirstOrDefault(number => run.Last.TryFind(number, out _), found.SerialNumber);
        if (!found.Entry.IsUnrecorded && !run.Last.TryFind(serial, out _))
        {
            return found.Unknown is { } why
                ? $"nobody can tell now which certificate it means: {why}"
                : $"there is no certificate with serial number {found.SerialNumber}: correct it; if its row is lost, add \"unrecorded\": true";
        }

        // Where a row has it after all, the row says when it expires.
        DateTimeOffset? expires = found.Entry.IsUnrecorded && found.Unknown is null ? found.Entry.Expires : null;
        run.Rowless.Add(new RowlessRevocation(serial, found.Entry.Reason, expires));
        run.Wanted.Add(new WantedRevocation(found.Entry, serial, expires));
        return null;
    }

    private async Task<string?> OfRowAsync(Run run, ListedRow found, CertificateRecord row, CancellationToken cancellation)
    {
        if (!run.Authority.Signed(row))
        {
            // Who issued it cannot be told; what is on the CRL stays there, as without a row.
            return CertificateAuthority.SignerOf(row) is null && run.Last.TryFind(row.SerialNumber, out _) ? WithoutRow(run, found)
                : row.Expires < run.Now ? null
                : await run.Issuers.WhyNotAsync(run.Authority, row, run.Now, cancellation);
        }

        if (row.CommonName == run.Authority.Name)
        {
            return $"{run.Authority.Name} cannot revoke itself";
        }

        if (await RevokeAsync(run, found.Entry.Reason, row, cancellation) is not { } revoked)
        {
            return "its row was deleted while it was revoked: run again";
        }

        run.Rows[new RowId(row.CommonName, row.SerialNumber)] = revoked;
        run.Wanted.Add(new WantedRevocation(found.Entry, row.SerialNumber, row.Expires));
        return null;
    }

    private async Task<CertificateRecord?> RevokeAsync(Run run, RevocationReason reason, CertificateRecord row, CancellationToken cancellation)
    {
        var id = new RowId(row.CommonName, row.SerialNumber);
        row = run.Rows.GetValueOrDefault(id, row);
        if (row.Revoked is { } before && !RevocationReasons.IsGraver(reason, before.Reason))
        {
            return row;
        }

        // A row that lost its mark is no news (SPEC 12.21): the CRL knows since when it is revoked.
        bool wasKnown = run.Last.TryFind(row.SerialNumber, out CrlEntry known);
        Notification? toTell = tell && !wasKnown ? RevocationMessages.Revoked(row, run.Now, SubjectText.Of(row)) : null;
        CertificateRevocation revocation = new CertificateRevocation(TableTime.WholeSeconds(run.Now), reason)
            .After(wasKnown ? new CertificateRevocation(known.RevokedAt, known.Reason) : null);
        RevokeOutcome outcome = await ca.Ledger.RevokeAsync(id, revocation, ReservedKey.Of(row), toTell, cancellation);
        if (outcome != RevokeOutcome.Revoked)
        {
            // Somebody else may have revoked it since it was read, with another date.
            return await ca.Ledger.FindAsync(row.CommonName, row.SerialNumber, cancellation);
        }

        if (toTell is not null)
        {
            await announcer.DeliverAsync(toTell, cancellation);
        }

        run.Newly += wasKnown ? 0 : 1;
        return row with { Revoked = revocation };
    }

    private sealed record Run(
        CertificateAuthority Authority, CrlMerge Last, DateTimeOffset Now, IssuersOfRows Issuers, List<EntryFailure> Failures, List<string> Warnings)
    {
        public Dictionary<RowId, CertificateRecord> Rows { get; } = [];

        public List<RowlessRevocation> Rowless { get; } = [];

        public List<WantedRevocation> Wanted { get; } = [];

        public int Newly { get; set; }
    }
}
