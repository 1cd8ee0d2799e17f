using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

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
