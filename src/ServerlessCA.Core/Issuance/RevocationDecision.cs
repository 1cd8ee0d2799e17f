using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Says what becomes of an operator's list of revocations, decided before anything is changed (contract 12.22).
/// Immutable.</summary>
/// <param name="At">UTC: when it was decided; certificates that are new on the list are revoked since then.</param>
/// <param name="Entries">What becomes of each readable entry, in the order of the list.</param>
/// <param name="Unreadable">Entries that cannot be read, and why.</param>
/// <param name="Ignored">What was ignored in readable entries.</param>
/// <param name="ListFault">Why the list could not be read at all; null when it could, or is not there.</param>
public sealed record RevocationDecision(
    DateTimeOffset At,
    IReadOnlyList<ListedDecision> Entries,
    IReadOnlyList<EntryFailure> Unreadable,
    IReadOnlyList<string> Ignored,
    string? ListFault)
{
    /// <summary>Lists what cannot be carried out, one by one.</summary>
    public IReadOnlyList<EntryFailure> Failures => [.. Unreadable, .. Entries.SelectMany(entry => entry.Failures)];

    /// <summary>Lists what somebody should know besides.</summary>
    public IReadOnlyList<string> Warnings => [.. Ignored, .. Entries.Select(entry => entry.Warning).OfType<string>()];

    /// <summary>Counts the certificates that it revokes and that were not revoked before.</summary>
    public int NewlyRevoked => Entries.Count(entry => entry.Verdict == ListedVerdict.New);

    /// <summary>Lists the rows that it names and that it leaves revoked, each once, in their new state.</summary>
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

    /// <summary>Lists the entries whose certificate has to be on the CRL, or whose row shows that it has left.</summary>
    internal IEnumerable<ListedDecision> Wanted => Entries.Where(entry => entry.IsRevokedRow || entry.IsRowless);

    /// <summary>Lists the wanted entries whose certificate has no row.</summary>
    internal IEnumerable<ListedDecision> Rowless => Entries.Where(entry => entry.IsRowless);
}

/// <summary>Says what becomes of one entry of an operator's list. Immutable.</summary>
/// <param name="Entry">The entry, as the list has it.</param>
/// <param name="Verdict">What becomes of it.</param>
/// <param name="SerialNumber">The certificate's, in the reading that counts.</param>
public sealed record ListedDecision(ListedEntry Entry, ListedVerdict Verdict, SerialNumber SerialNumber)
{
    /// <summary>Gets the row of the certificate, as it is once the entry is carried out; null when there is none.</summary>
    public CertificateRecord? Row { get; init; }

    /// <summary>Gets what is written into the row; null when it stays as it is.</summary>
    public CertificateRevocation? ToWrite { get; init; }

    /// <summary>Says when the certificate expires; null when nobody knows.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Says whether the last CRL has the certificate already.</summary>
    public bool IsOnCrl { get; init; }

    /// <summary>Says why it cannot be carried out, and what to do; null when it can.</summary>
    public string? Why { get; init; }

    /// <summary>Says what somebody should know although it can; null when nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>Lists why it cannot be carried out, and what is wrong with the entry although it can.</summary>
    public IEnumerable<EntryFailure> Failures =>
        ((string?[])[Why, Entry.Fault]).OfType<string>().Select(reason => new EntryFailure(Entry.Place, reason));

    /// <summary>Says whether it names a row of this CA's key, which is revoked then.</summary>
    internal bool IsRevokedRow => Verdict is ListedVerdict.New or ListedVerdict.Restored or ListedVerdict.Graver or ListedVerdict.Known;

    /// <summary>Says whether its certificate is on the CRL, or is added to it, without a row that proves it.</summary>
    internal bool IsRowless => Verdict is ListedVerdict.OnCrl or ListedVerdict.Unrecorded;
}

/// <summary>Says what becomes of an entry of an operator's list.</summary>
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

    /// <summary>No row proves it, but the certificate is on the CRL, and stays.</summary>
    OnCrl,

    /// <summary>No row has its certificate: it is added to the CRL all the same.</summary>
    Unrecorded,

    /// <summary>There is nothing to do: another key issued its certificate, which has expired, or whose CA has ended.</summary>
    Ended,

    /// <summary>It cannot be carried out.</summary>
    Impossible,
}

/// <summary>Holds all facts that decide what becomes of an operator's list (contract 12.20 to 12.22), and decides.
/// Immutable.</summary>
/// <param name="Names">The names of the deployment's CAs.</param>
/// <param name="Authority">The CA that signs the CRL.</param>
/// <param name="Issuers">Every CA row of the deployment; none when <see cref="NeedsIssuers"/> says that no certificate needs
/// them.</param>
/// <param name="List">The entries, as they were read.</param>
/// <param name="Rows">What the ledger has of each of its entries, in the same order.</param>
/// <param name="Last">The CRL before this one.</param>
internal sealed record RevocationFacts(
    CaNames Names,
    CertificateAuthority Authority,
    IReadOnlyList<CertificateAuthority> Issuers,
    RevocationEntries List,
    IReadOnlyList<ListedRow> Rows,
    LastCrl Last)
{
    /// <summary>Says whether the CA rows are needed to decide about a certificate: another key signed it, which is known, and it
    /// has not expired.</summary>
    public static bool NeedsIssuers(CertificateAuthority authority, CertificateRecord row, DateTimeOffset now) =>
        row.Expires >= now && CertificateAuthority.SignerOf(row) is { } keyId && keyId != authority.KeyId;

    /// <summary>Decides what becomes of every entry.</summary>
    public RevocationDecision Decide()
    {
        var revoked = new Dictionary<RowId, CertificateRecord>(); // as the earlier entries of the list leave them
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

    // A row that lost its mark is not announced again (contract 12.21): the CRL has the date of its revocation.
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

        // If a row has it after all, the row says when it expires.
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
            return OfNoRow(found); // its issuer is not known; what is on the CRL stays there, as without a row
        }

        string? why = row.Expires < Last.Now ? null : WhyNotEnded(row);
        ListedDecision decided = why is null ? new ListedDecision(found.Entry, ListedVerdict.Ended, row.SerialNumber) : Impossible(found, why);
        return decided with { Row = row, Expires = row.Expires };
    }

    // A certificate ends with the CA that issued it: then it need not be revoked.
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
