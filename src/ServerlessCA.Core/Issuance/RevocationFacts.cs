using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>All that decides what becomes of an operator's list (contract 12.20 to 12.22), and the rule itself. Immutable.</summary>
/// <param name="Names">Those of the deployment.</param>
/// <param name="Authority">Whose CRL.</param>
/// <param name="Issuers">Every CA row of the deployment; none when <see cref="NeedsIssuers"/> says that no certificate needs them.</param>
/// <param name="List">The list.</param>
/// <param name="Rows">What the ledger has of each of its entries, in the same order.</param>
/// <param name="Last">The last CRL.</param>
internal sealed record RevocationFacts(
    CaNames Names,
    CertificateAuthority Authority,
    IReadOnlyList<CertificateAuthority> Issuers,
    RevocationEntries List,
    IReadOnlyList<ListedRow> Rows,
    LastCrl Last)
{
    /// <summary>Whether the CA rows decide of a certificate: another key signed it, which is known, and it has not expired.</summary>
    public static bool NeedsIssuers(CertificateAuthority authority, CertificateRecord row, DateTimeOffset now) =>
        row.Expires >= now && CertificateAuthority.SignerOf(row) is { } keyId && keyId != authority.KeyId;

    /// <summary>Decides what becomes of every entry.</summary>
    public RevocationDecision Decide()
    {
        var revoked = new Dictionary<RowId, CertificateRecord>(); // as the entries before leave them
        var entries = new List<ListedDecision>(Rows.Count);
        foreach (ListedRow found in Rows)
        {
            ListedDecision decided = Decide(found, revoked);
            if (decided is { IsRevokedRow: true, Row: { } row })
            {
                revoked[RowId.Of(row)] = row;
            }

            entries.Add(decided);
        }

        return new RevocationDecision(Last.Now, entries, List.Failures, List.Warnings, List.FileFault);
    }

    private ListedDecision Decide(ListedRow found, Dictionary<RowId, CertificateRecord> revoked)
    {
        ListedDecision decided = found.Why is { } why ? Impossible(found, why)
            : found.Row is not { } row ? OfNoRow(found)
            : !Authority.Signed(row) ? OfAnotherKey(found, row)
            : row.CommonName == Authority.Name ? Impossible(found, $"{Authority.Name} cannot revoke itself")
            : OfRow(found, revoked.GetValueOrDefault(RowId.Of(row), row));
        return decided with { Warning = found.Warning };
    }

    // A row that lost its mark is no news (contract 12.21): the CRL knows since when it is revoked.
    private ListedDecision OfRow(ListedRow found, CertificateRecord row)
    {
        bool isOnCrl = Last.TryFind(row.SerialNumber, out CrlEntry known);
        var decided = new ListedDecision(found.Entry, ListedVerdict.Known, row.SerialNumber) { Row = row, Expires = row.Expires, IsOnCrl = isOnCrl };
        if (row.Revoked is { } before && !RevocationReasons.IsGraver(found.Entry.Reason, before.Reason))
        {
            return decided;
        }

        CertificateRevocation revocation = new CertificateRevocation(TableTime.WholeSeconds(Last.Now), found.Entry.Reason)
            .After(isOnCrl ? new CertificateRevocation(known.RevokedAt, known.Reason) : null);
        return decided with
        {
            Verdict = row.Revoked is not null ? ListedVerdict.Graver : isOnCrl ? ListedVerdict.Restored : ListedVerdict.New,
            ToWrite = revocation,
            Row = row with { Revoked = revocation.After(row.Revoked) },
        };
    }

    // What is on the CRL stays there, whatever became of its row (contract 12.21).
    private ListedDecision OfNoRow(ListedRow found)
    {
        SerialNumber serial = found.Entry.Serial.InTurn.FirstOrDefault(number => Last.TryFind(number, out _), found.SerialNumber);
        bool isOnCrl = Last.TryFind(serial, out _);
        if (!found.Entry.IsUnrecorded && !isOnCrl)
        {
            return Impossible(found, found.Unknown is { } why
                ? $"nobody can tell now which certificate it means: {why}"
                : $"there is no certificate with serial number {found.SerialNumber}: correct it; if its row is lost, add \"unrecorded\": true");
        }

        // Where a row has it after all, the row says when it expires.
        return new ListedDecision(found.Entry, isOnCrl ? ListedVerdict.OnCrl : ListedVerdict.Unrecorded, serial)
        {
            IsOnCrl = isOnCrl,
            Expires = found.Entry.IsUnrecorded && found.Unknown is null ? found.Entry.Expires : null,
        };
    }

    private ListedDecision OfAnotherKey(ListedRow found, CertificateRecord row)
    {
        if (CertificateAuthority.SignerOf(row) is null && Last.TryFind(row.SerialNumber, out _))
        {
            return OfNoRow(found); // who issued it cannot be told; what is on the CRL stays there, as without a row
        }

        string? why = row.Expires < Last.Now ? null : WhyNotEnded(row);
        ListedDecision decided = why is null ? new ListedDecision(found.Entry, ListedVerdict.Ended, row.SerialNumber) : Impossible(found, why);
        return decided with { Row = row, Expires = row.Expires };
    }

    // The end of the CA that issued a certificate ends the certificate as well: nobody has to revoke it still.
    private string? WhyNotEnded(CertificateRecord row)
    {
        if (CertificateAuthority.SignerOf(row) is not { } keyId)
        {
            return "nobody can tell who issued it, as its row's certificate cannot be read: restore the row from a backup";
        }

        CertificateAuthority[] issuers = [.. Issuers.Where(found => found.KeyId == keyId)];
        if (issuers.Length == 0)
        {
            return $"it was not issued by {Authority.Name} but by a key that belongs to no CA here any more: no CRL can name it; "
                + "if that CA was revoked, take the entry out";
        }

        string right = RevocationEntries.FileKeyFor(Names, row.CommonName);
        return issuers.All(issuer => issuer.Record.Revoked is not null || issuer.Certificate.NotAfter <= Last.Now)
            ? null
            : $"it was not issued by {Authority.Name} but by {issuers[0].Name}{(issuers[0].Name == Authority.Name
                ? " with an earlier key, which is neither revoked nor expired" : $": it belongs in {right}")}";
    }

    private static ListedDecision Impossible(ListedRow found, string why) =>
        new(found.Entry, ListedVerdict.Impossible, found.SerialNumber) { Row = found.Row, Why = why };
}
