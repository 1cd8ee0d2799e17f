using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>What becomes of an operator's list of revocations, decided before anything is changed (contract 12.22). Immutable.</summary>
/// <param name="At">UTC: when it was decided; certificates that are new on the list are revoked since then.</param>
/// <param name="Entries">What becomes of each readable entry, in the order of the list.</param>
/// <param name="Unreadable">Entries that nobody can read, and why.</param>
/// <param name="Ignored">What was ignored in readable ones.</param>
/// <param name="ListFault">Why the list could not be read at all; null when it could, or is not there.</param>
public sealed record RevocationDecision(
    DateTimeOffset At,
    IReadOnlyList<ListedDecision> Entries,
    IReadOnlyList<EntryFailure> Unreadable,
    IReadOnlyList<string> Ignored,
    string? ListFault)
{
    /// <summary>What cannot be carried out, one by one.</summary>
    public IReadOnlyList<EntryFailure> Failures => [.. Unreadable, .. Entries.SelectMany(entry => entry.Failures)];

    /// <summary>What somebody should know besides.</summary>
    public IReadOnlyList<string> Warnings => [.. Ignored, .. Entries.Select(entry => entry.Warning).OfType<string>()];

    /// <summary>How many certificates it revokes that were not revoked before.</summary>
    public int NewlyRevoked => Entries.Count(entry => entry.Verdict == ListedVerdict.New);

    /// <summary>The rows that it names and that are revoked then, each once, as they are then.</summary>
    internal IReadOnlyList<CertificateRecord> Rows
    {
        get
        {
            var rows = new Dictionary<RowId, CertificateRecord>();
            foreach (CertificateRecord row in Entries.Where(entry => entry.IsRevokedRow).Select(entry => entry.Row!))
            {
                rows[RowId.Of(row)] = row;
            }

            return [.. rows.Values];
        }
    }

    /// <summary>Entries whose certificate has to be on the CRL, or whose row shows that it has left.</summary>
    internal IEnumerable<ListedDecision> Wanted => Entries.Where(entry => entry.IsRevokedRow || entry.IsRowless);

    /// <summary>Wanted entries whose certificate no row has.</summary>
    internal IEnumerable<ListedDecision> Rowless => Entries.Where(entry => entry.IsRowless);
}

/// <summary>What becomes of one entry of an operator's list. Immutable.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Verdict">In one word.</param>
/// <param name="SerialNumber">Of the certificate, as the entry is to be read.</param>
public sealed record ListedDecision(ListedEntry Entry, ListedVerdict Verdict, SerialNumber SerialNumber)
{
    /// <summary>The row that it hits, as it is once the entry is carried out; null when there is none.</summary>
    public CertificateRecord? Row { get; init; }

    /// <summary>What is written into the row; null when it stays as it is.</summary>
    public CertificateRevocation? ToWrite { get; init; }

    /// <summary>When the certificate expires; null when nobody knows.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Whether the last CRL has the certificate already.</summary>
    public bool IsOnCrl { get; init; }

    /// <summary>Why it cannot be carried out, and what to do; null when it can.</summary>
    public string? Why { get; init; }

    /// <summary>What somebody should know although it can; null when nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>Why it cannot be carried out, and what is wrong with the entry although it can.</summary>
    public IEnumerable<EntryFailure> Failures =>
        ((string?[])[Why, Entry.Fault]).OfType<string>().Select(reason => new EntryFailure(Entry.Place, reason));

    /// <summary>Whether it hits a row of this CA's key, which is revoked then.</summary>
    internal bool IsRevokedRow => Verdict is ListedVerdict.New or ListedVerdict.Restored or ListedVerdict.Graver or ListedVerdict.Known;

    /// <summary>Whether its certificate is on the CRL, or is put there, without a row that speaks for it.</summary>
    internal bool IsRowless => Verdict is ListedVerdict.OnCrl or ListedVerdict.Unrecorded;
}

/// <summary>What becomes of an entry of an operator's list.</summary>
public enum ListedVerdict
{
    /// <summary>Its certificate is revoked now.</summary>
    New,

    /// <summary>The CRL has its certificate, but the row has lost its mark: it is marked again, from the CRL (contract 12.21).</summary>
    Restored,

    /// <summary>Its certificate was revoked before, for a less grave reason, which is replaced (contract 12.20).</summary>
    Graver,

    /// <summary>Its certificate was revoked before.</summary>
    Known,

    /// <summary>No row speaks for its certificate, but the CRL has it, and keeps it.</summary>
    OnCrl,

    /// <summary>No row has its certificate: it goes onto the CRL all the same.</summary>
    Unrecorded,

    /// <summary>There is nothing to do: another key issued its certificate, which has expired, or whose CA has ended.</summary>
    Ended,

    /// <summary>It cannot be carried out.</summary>
    Impossible,
}

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
