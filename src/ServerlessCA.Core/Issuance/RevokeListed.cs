using System.Runtime.CompilerServices;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>Marks the certificates of an operator's list as revoked (contract 12.22). An entry that cannot be carried out has
/// failed, and stops no other.</summary>
/// <param name="ca">The deployment.</param>
/// <param name="notify">Whether newly revoked certificates are announced.</param>
internal sealed class RevokeListed(Deployment ca, bool notify)
{
    private readonly EventPublisher publisher = new(ca.Ledger, ca.Notifier);

    /// <summary>Looks up what an operator's list names, and decides; changes nothing.</summary>
    /// <param name="cas">The CA that signs the CRL, with all its rows.</param>
    /// <param name="list">The entries, as they were read.</param>
    /// <param name="last">The CRL before this one.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<RevocationDecision> DecideAsync(CaGenerations cas, RevocationEntries list, LastCrl last, CancellationToken cancellation)
    {
        var rows = new List<ListedRow>(list.Entries.Count);
        await foreach ((_, ListedRow found) in LookUps.OfAsync(
            list.Entries, entry => ListedRow.FindAsync(ca.Ledger, cas.Newest, entry, cancellation), cancellation))
        {
            rows.Add(found);
        }

        IReadOnlyList<CertificateAuthority> issuers = rows.Exists(found => found.Row is { } row && RevocationFacts.NeedsIssuers(cas.Newest, row, last.Now))
            ? await AllCasAsync(cas, cancellation)
            : [];
        return new RevocationFacts(ca.Settings.Names, cas.Newest, issuers, list, rows, last).Decide();
    }

    /// <summary>Carries a decision out. A row that somebody else changed meanwhile is read again.</summary>
    /// <returns>The decision, as it was carried out.</returns>
    public async Task<RevocationDecision> DoAsync(RevocationDecision decided, CancellationToken cancellation)
    {
        var now = new Dictionary<RowId, CertificateRecord>();
        var done = new List<ListedDecision>(decided.Entries.Count);
        foreach (ListedDecision entry in decided.Entries)
        {
            ListedDecision carriedOut = entry is { Row: { } row, ToWrite: { } revocation }
                ? await MarkAsync(entry, now.GetValueOrDefault(RowId.Of(row), row), revocation, decided.At, cancellation)
                : entry is { IsRevokedRow: true, Row: { } known } ? entry with { Row = now.GetValueOrDefault(RowId.Of(known), known) }
                : entry;
            if (carriedOut is { IsRevokedRow: true, Row: { } marked })
            {
                now[RowId.Of(marked)] = marked;
            }

            done.Add(carriedOut);
        }

        return decided with { Entries = done };
    }

    private async Task<ListedDecision> MarkAsync(
        ListedDecision entry, CertificateRecord row, CertificateRevocation revocation, DateTimeOffset at, CancellationToken cancellation)
    {
        Notification? notification = notify && !entry.IsOnCrl ? RevocationMessages.Revoked(row, at, SubjectText.Of(row)) : null;
        RevokeOutcome outcome = await ca.Ledger.RevokeAsync(
            RowId.Of(row), revocation, ReservedKey.Of(row), notification, HistoryEntry.Revoked(RowId.Of(row), revocation, ca.Actor), cancellation);
        if (outcome != RevokeOutcome.Revoked)
        {
            // Another run may have revoked it since it was read, with another date, or deleted it.
            CertificateRecord? there = await ca.Ledger.FindAsync(row.CommonName, row.SerialNumber, cancellation);
            return there is null
                ? entry with { Verdict = ListedVerdict.Impossible, Why = "its row was deleted while it was revoked: run again", Row = null, ToWrite = null }
                : entry with { Verdict = entry.Verdict == ListedVerdict.Graver ? entry.Verdict : ListedVerdict.Known, Row = there };
        }

        if (notification is not null)
        {
            await publisher.DeliverAsync(notification, cancellation);
        }

        return entry with { Verdict = entry.IsOnCrl ? ListedVerdict.Restored : ListedVerdict.New, Row = row with { Revoked = revocation } };
    }

    private async Task<IReadOnlyList<CertificateAuthority>> AllCasAsync(CaGenerations own, CancellationToken cancellation)
    {
        bool isRoot = own.Newest.Name == ca.Settings.Names.RootCa;
        string other = isRoot ? ca.Settings.Names.IssuingCa : ca.Settings.Names.RootCa;
        IReadOnlyList<CertificateAuthority> others = (await CaGenerations.FindAsync(ca.Ledger, other, cancellation))?.All ?? [];
        return isRoot ? [.. own.All, .. others] : [.. others, .. own.All];
    }
}

/// <summary>Says which certificate an entry of a list means (contract 12.22). Immutable.</summary>
/// <param name="Entry">The entry, as the list has it.</param>
/// <param name="SerialNumber">The reading that counts.</param>
/// <param name="Row">The row; null when there is none, or the entry does not fit one.</param>
/// <param name="Why">Why the entry does not fit.</param>
/// <param name="Warning">What somebody should know.</param>
/// <param name="Unknown">Why it is not certain whether there is a row; null when it is.</param>
internal sealed record ListedRow(ListedEntry Entry, SerialNumber SerialNumber, CertificateRecord? Row, string? Why, string? Warning, string? Unknown = null)
{
    /// <summary>Looks the certificate up. A name that matches exactly costs one read, and sees the latest state.</summary>
    public static async Task<ListedRow> FindAsync(
        ICertificateLedger ledger, CertificateAuthority authority, ListedEntry entry, CancellationToken cancellation)
    {
        string? unknown = null;
        foreach (SerialNumber serial in entry.Serial.InTurn)
        {
            if (entry.CommonName is { } name && await ledger.FindAsync(name, serial, cancellation) is { } exact)
            {
                return new ListedRow(entry, serial, exact, null, null);
            }

            try
            {
                IReadOnlyList<CertificateRecord> rows = await ledger.FindBySerialAsync(serial, cancellation);
                if (rows.Count > 0)
                {
                    return Choose(authority, entry, serial, rows);
                }
            }
            catch (LedgerUnavailableException fault) when (fault.IsIndexMissing)
            {
                unknown = fault.Message; // only this entry fails; the next reading may still match a row exactly
            }
        }

        return new ListedRow(entry, entry.Serial.Number, null, null, null, unknown);
    }

    // Serial numbers are unique per issuing key only.
    private static ListedRow Choose(
        CertificateAuthority authority, ListedEntry entry, SerialNumber serial, IReadOnlyList<CertificateRecord> rows)
    {
        CertificateRecord[] own = [.. rows.OrderByDescending(authority.Signed).ThenBy(row => row.CommonName, StringComparer.Ordinal)];
        CertificateRecord? row = own.FirstOrDefault(row => IsMeant(entry.CommonName, row));
        string? why = row is null
            ? $"the certificate with serial number {serial} is '{own[0].CommonName}', not '{entry.CommonName}': correct the name, or leave it out"
            : null;
        string? warning = row is not null && entry.CommonName is { } name && name != row.CommonName
            ? $"{entry.Place}: it counts as '{row.CommonName}', which is written otherwise"
            : null;
        return new ListedRow(entry, serial, row, why, warning);
    }

    private static bool IsMeant(string? name, CertificateRecord row) =>
        name is null || FoldedName.OfSpelling(name) == FoldedName.OfSpelling(row.CommonName);
}

/// <summary>Looks things up in the ledger, some at once: lists hold every old entry, and are read every day.</summary>
internal static class LookUps
{
    private const int AtOnce = 16; // look-ups; our decision

    /// <summary>Returns what was found for each item, in the order of the items.</summary>
    /// <param name="items">Each is looked up once.</param>
    /// <param name="find">Finds one of them.</param>
    /// <param name="cancellation">Stops before the next ones.</param>
    public static async IAsyncEnumerable<(T Item, TFound Found)> OfAsync<T, TFound>(
        IEnumerable<T> items, Func<T, Task<TFound>> find, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (T[] some in items.Chunk(AtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            TFound[] found = await Task.WhenAll(some.Select(find));
            foreach ((T, TFound) pair in some.Zip(found))
            {
                yield return pair;
            }
        }
    }
}
