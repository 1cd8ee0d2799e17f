using System.Runtime.CompilerServices;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Decides what the next CRL of a CA says, from the last one, the operator's list and the ledger (contract 12.9, 12.21).
/// It reads, and changes nothing.</summary>
/// <param name="ca">The deployment.</param>
/// <param name="authority">The CA that signs the CRL.</param>
/// <param name="listed">What becomes of the operator's list.</param>
internal sealed class NextCrl(Deployment ca, CertificateAuthority authority, RevocationDecision listed)
{
    private readonly string fileKey = CaNames.CrlFile(authority.Name);

    /// <summary>Decides about a CRL that is published.</summary>
    /// <param name="last">The CRL that it replaces.</param>
    /// <param name="number">The CRL's number.</param>
    /// <param name="life">How long the CRL is good.</param>
    /// <param name="lostSince">When the published CRL was lost; null when all is well.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<CrlDecision> DecideAsync(
        LastCrl last, long number, TimeSpan life, DateTimeOffset? lostSince, CancellationToken cancellation)
    {
        CrlMerge merge = last.Next;
        var marks = new List<RowMark>();
        string? lookUpFault = await MergeAsync(last, merge, marks, cancellation);
        var next = new CrlTemplate(
            authority.Certificate, number, TableTime.WholeSeconds(merge.ThisUpdate), TableTime.WholeSeconds(BoundedTime.After(last.Now, life)),
            CrlOrder.Of(merge.Entries));
        return new CrlDecision(Outcome(last, next, lostSince) with { LookUpFault = lookUpFault })
        {
            Authority = authority,
            List = listed,
            InPlace = last.InPlace.Published,
            Next = next,
            Marks = marks,
        };
    }

    /// <summary>Decides where the published CRL is dated ahead of the clock: its entries were carried out, whatever its
    /// date.</summary>
    public CrlDecision Ahead(LastCrl last)
    {
        CertificateRevocationList published = last.InPlace.Published!;
        string time = TableTime.Text(published.ThisUpdate);
        IEnumerable<EntryFailure> notThere = listed.Wanted.Where(wanted => !last.TryFind(wanted.SerialNumber, out _) && !(wanted.Expires < last.Now))
            .Select(wanted => new EntryFailure(
                wanted.Entry.Place, $"it is not on the CRL, which cannot be replaced: {fileKey} is dated {time}, ahead of the clock"));
        return new CrlDecision(new CrlOutcome(CrlStatus.AheadInPlace, published.Number, published.EntryCount, listed.NewlyRevoked)
        {
            Failures = [.. listed.Failures, .. notThere],
            Warnings = listed.Warnings,
            ListFault = listed.ListFault,
            CrlFault = $"{fileKey} is dated {time}, ahead of the clock, and stays: set the clock right; "
                + $"if it is right, 'serverless-ca crl set-aside {authority.Name}' moves the file aside and takes over its entries and number",
        })
        {
            Authority = authority,
            List = listed,
            InPlace = published,
        };
    }

    // Without their rows all entries stay; revoked rows that the list does not name may be missing.
    private async Task<string?> MergeAsync(LastCrl last, CrlMerge merge, List<RowMark> marks, CancellationToken cancellation)
    {
        string? fault = null;
        try
        {
            await AddRevokedAsync(merge, marks, cancellation);
        }
        catch (LedgerUnavailableException missing) when (missing.IsIndexMissing && !last.InPlace.NothingLeft)
        {
            fault = missing.Message; // without a new CRL, clients would soon refuse every certificate
        }

        foreach (ListedDecision rowless in listed.Rowless)
        {
            merge.AddRowless(rowless.SerialNumber, rowless.Entry.Reason, rowless.Expires);
        }

        try
        {
            await LookUpAsync(merge, marks, cancellation);
        }
        catch (LedgerUnavailableException missing) when (missing.IsIndexMissing)
        {
            fault ??= missing.Message;
        }

        return fault is null ? null : $"not all that is revoked could be looked up, so what the last CRL has stayed as it is: {fault}";
    }

    private async Task AddRevokedAsync(CrlMerge merge, List<RowMark> marks, CancellationToken cancellation)
    {
        await foreach (CertificateRecord row in RevokedAsync(cancellation))
        {
            if (row.Revoked is { } revoked && authority.Signed(row))
            {
                Add(merge, row, revoked, marks);
            }
        }
    }

    private async Task LookUpAsync(CrlMerge merge, List<RowMark> marks, CancellationToken cancellation)
    {
        await foreach ((SerialNumber serial, IReadOnlyList<CertificateRecord> rows) in LookUps.OfAsync(
            merge.WithoutRow, serial => ca.Ledger.FindBySerialAsync(serial, cancellation), cancellation))
        {
            Look(merge, serial, rows, marks);
        }
    }

    // A row without a mark has lost it, such as in a restored table: it is marked again, from the CRL (contract 12.21).
    private void Look(CrlMerge merge, SerialNumber serial, IReadOnlyList<CertificateRecord> rows, List<RowMark> marks)
    {
        merge.TryFind(serial, out CrlEntry entry);
        foreach (CertificateRecord row in rows.Where(authority.Signed))
        {
            Add(merge, row, row.Revoked ?? new CertificateRevocation(entry.RevokedAt, entry.Reason), marks);
        }

        bool isForeign = rows.Count > 0 && rows.All(row => CertificateAuthority.SignerOf(row) is { } keyId && keyId != authority.KeyId);
        if (isForeign)
        {
            merge.Drop(serial);
        }
    }

    private static void Add(CrlMerge merge, CertificateRecord row, CertificateRevocation revoked, List<RowMark> marks)
    {
        CertificateRevocation known = merge.Add(row.SerialNumber, revoked, row.Expires);
        if (row.Revoked is null || RevocationReasons.IsGraver(known.Reason, row.Revoked.Reason))
        {
            marks.Add(new RowMark(RowId.Of(row), known, ReservedKey.Of(row)));
        }
    }

    // What the operator's list names was looked up one by one and is certain. The ledger's own list of revoked rows may
    // come from an index that shows a change a moment later (DynamoDB): alone it could miss a fresh revocation.
    private async IAsyncEnumerable<CertificateRecord> RevokedAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var given = new HashSet<RowId>();
        foreach (CertificateRecord row in listed.Rows)
        {
            given.Add(RowId.Of(row));
            yield return row;
        }

        await foreach (CertificateRecord row in ca.Ledger.ListRevokedAsync(cancellation))
        {
            if (!given.Contains(RowId.Of(row)))
            {
                yield return row;
            }
        }
    }

    private CrlOutcome Outcome(LastCrl last, CrlTemplate next, DateTimeOffset? lostSince)
    {
        HashSet<SerialNumber> wanted = [.. listed.Wanted.Select(entry => entry.SerialNumber)];
        HashSet<SerialNumber> there = [.. next.Entries.Select(entry => entry.SerialNumber).Where(wanted.Contains)];
        IEnumerable<EntryFailure> missing = listed.Wanted.Where(entry => !there.Contains(entry.SerialNumber) && !(entry.Expires < next.ThisUpdate))
            .Select(entry => new EntryFailure(entry.Entry.Place, "it is not on the CRL: run again"));
        IEnumerable<string> left = listed.Wanted.Where(entry => entry.Entry.IsUnrecorded && !there.Contains(entry.SerialNumber))
            .Select(entry => $"{entry.Entry.Place}: it expired on {TableTime.Text(entry.Expires!.Value)}, the list says: the CRL does not have it any more");
        return new CrlOutcome(CrlStatus.Published, next.Number, next.Entries.Count, listed.NewlyRevoked)
        {
            Failures = [.. listed.Failures, .. missing],
            Warnings = [.. listed.Warnings, .. last.WarningsOf(fileKey), .. left],
            ListFault = listed.ListFault,
            CrlFault = lostSince is { } since
                ? $"{fileKey} and its copy were missing or damaged on {TableTime.Text(since)}: it was made anew from the ledger, and entries whose rows are gone are lost; "
                    + $"'serverless-ca crl restore FILE' takes them over from an old one, 'serverless-ca crl accept {authority.Name}' does without"
                : null,
        };
    }
}
