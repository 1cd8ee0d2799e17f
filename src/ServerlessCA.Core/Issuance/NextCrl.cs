using System.Runtime.CompilerServices;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>Makes the next CRL of a CA from the last one, the operator's list and the ledger (SPEC 12.9, 12.21).</summary>
internal sealed class NextCrl(Deployment ca, CertificateAuthority authority, ListedRevocations listed)
{
    private const int LookUpsAtOnce = 16; // as for lists: entries whose rows are gone are looked for every day

    /// <summary>Why rows could not be looked up when it was made last: what the last CRL has stayed, and revoked rows that
    /// the list does not name may be missing; null when all were.</summary>
    public string? LookUpFault { get; private set; }

    /// <summary>Makes and signs it.</summary>
    /// <param name="last">What it has to go on from.</param>
    /// <param name="life">How long it is good.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<CertificateRevocationList> SignAsync(LastCrl last, TimeSpan life, CancellationToken cancellation)
    {
        // The number is used up before the rows are read: whatever fails next, no two CRLs share one. Who revokes takes
        // a number afterwards, so of CRLs made at once the one that stays has all that was revoked before its number.
        long number = await ca.Ledger.NextCrlNumberAsync(authority.Row, last.InPlace.Number + 1, cancellation);
        CrlMerge merge = last.Next;
        LookUpFault = null;
        try
        {
            await AddRevokedAsync(merge, cancellation);
        }
        catch (LedgerUnavailableException fault) when (fault.IsIndexMissing && !last.InPlace.NothingLeft)
        {
            LookUpFault = fault.Message; // a CRL that runs out would end every certificate
        }

        foreach (RowlessRevocation rowless in listed.Rowless)
        {
            merge.AddRowless(rowless.SerialNumber, rowless.Reason, rowless.Expires);
        }

        try
        {
            await LookUpAsync(merge, cancellation);
        }
        catch (LedgerUnavailableException fault) when (fault.IsIndexMissing)
        {
            LookUpFault ??= fault.Message; // without their rows all entries stay
        }

        DateTimeOffset thisUpdate = merge.ThisUpdate;
        ICaKey key = await authority.KeyAsync(ca.Keys, cancellation);
        var template = new CrlTemplate(authority.Certificate, number, thisUpdate, BoundedTime.After(last.Now, life), merge.Entries);
        return await CrlSigner.SignAsync(template, key, cancellation);
    }

    private async Task AddRevokedAsync(CrlMerge merge, CancellationToken cancellation)
    {
        await foreach (CertificateRecord row in RevokedAsync(cancellation))
        {
            if (row.Revoked is { } revoked && authority.Signed(row))
            {
                await AddAsync(merge, row, revoked, cancellation);
            }
        }
    }

    private async Task LookUpAsync(CrlMerge merge, CancellationToken cancellation)
    {
        foreach (SerialNumber[] serials in merge.WithoutRow.Chunk(LookUpsAtOnce))
        {
            IReadOnlyList<CertificateRecord>[] found = await Task.WhenAll(serials.Select(serial => ca.Ledger.FindBySerialAsync(serial, cancellation)));
            foreach ((SerialNumber serial, IReadOnlyList<CertificateRecord> rows) in serials.Zip(found))
            {
                await LookAsync(merge, serial, rows, cancellation);
            }
        }
    }

    // A row without its mark lost it, such as with a restored table: it is marked again, from the CRL (SPEC 12.21).
    private async Task LookAsync(CrlMerge merge, SerialNumber serial, IReadOnlyList<CertificateRecord> rows, CancellationToken cancellation)
    {
        merge.TryFind(serial, out CrlEntry entry);
        CertificateRecord[] own = [.. rows.Where(authority.Signed)];
        foreach (CertificateRecord row in own)
        {
            await AddAsync(merge, row, row.Revoked ?? new CertificateRevocation(entry.RevokedAt, entry.Reason), cancellation);
        }

        bool isForeign = rows.Count > 0 && rows.All(row => CertificateAuthority.SignerOf(row) is { } keyId && keyId != authority.KeyId);
        if (isForeign)
        {
            merge.Drop(serial);
        }
    }

    private async Task AddAsync(CrlMerge merge, CertificateRecord row, CertificateRevocation revoked, CancellationToken cancellation)
    {
        CertificateRevocation known = merge.Add(row.SerialNumber, revoked, row.Expires);
        if (row.Revoked is null || RevocationReasons.IsGraver(known.Reason, row.Revoked.Reason))
        {
            await ca.Ledger.RevokeAsync(new RowId(row.CommonName, row.SerialNumber), known, ReservedKey.Of(row), null, cancellation);
        }
    }

    // What the operator's list names was looked up one by one and is certain. The ledger's own list of revoked rows may
    // come from an index that shows a change a moment later (DynamoDB): alone it could keep a fresh revocation off the CRL.
    private async IAsyncEnumerable<CertificateRecord> RevokedAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var given = new HashSet<RowId>();
        foreach (CertificateRecord row in listed.Rows)
        {
            given.Add(new RowId(row.CommonName, row.SerialNumber));
            yield return row;
        }

        await foreach (CertificateRecord row in ca.Ledger.ListRevokedAsync(cancellation))
        {
            if (!given.Contains(new RowId(row.CommonName, row.SerialNumber)))
            {
                yield return row;
            }
        }
    }
}
