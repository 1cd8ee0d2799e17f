using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.History;

/// <summary>Finds what happened to a certificate, under a name, or in the whole CA. It reads by keys and indexes: its cost depends
/// on what it finds, and for the whole CA on the days that it looks back. What was not noted when it happened, such as in the
/// original, is read from the certificates' rows, so that a known certificate always has a history.</summary>
/// <param name="ledger">Where history and certificates are stored.</param>
/// <param name="clock">Says what is too old to be shown.</param>
public sealed class CertificateHistory(ICertificateLedger ledger, TimeProvider clock)
{
    /// <summary>Is how far the history of the whole CA goes back unless somebody wants more: on DynamoDB each day costs eight
    /// small queries (our decision).</summary>
    public static readonly TimeSpan DefaultRange = TimeSpan.FromDays(30);

    /// <summary>Finds the history of a common name; if there is none, that of the certificates of a serial number that the text
    /// may be. Empty when neither is known.</summary>
    /// <param name="text">A common name, or a serial number: decimal, or hexadecimal in any form.</param>
    /// <param name="since">The first moment that is wanted, UTC; null: all.</param>
    /// <param name="limit">The most entries; 1 or more.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<FoundHistory> FindAsync(string text, DateTimeOffset? since, int limit, CancellationToken cancellation)
    {
        var query = new HistoryQuery(limit + 1) { CommonName = text, Since = since ?? DateTimeOffset.MinValue };
        Task<IReadOnlyList<CertificateRecord>> finding = ledger.FindByNameAsync(text, cancellation);
        Task<(IReadOnlyList<HistoryEntry> Entries, string? Gap)> noted = NotedAsync(query, cancellation);
        await Task.WhenAll(finding, noted);
        (IReadOnlyList<HistoryEntry> entries, string? gap) = await noted;
        if (await finding is { Count: > 0 } named || entries.Count > 0)
        {
            return Found(entries, await finding, query, gap);
        }

        if (!SerialNumberText.TryRead(text, out SerialReading serial))
        {
            return new FoundHistory([], HasMore: false) { Gap = gap };
        }

        IReadOnlyList<CertificateRecord> rows = await new CertificateInventory(ledger).FindBySerialAsync(serial, cancellation);
        var all = new List<HistoryEntry>();
        foreach (CertificateRecord row in rows)
        {
            (IReadOnlyList<HistoryEntry> of, gap) = await NotedAsync(query with { CommonName = row.CommonName, SerialNumber = row.SerialNumber }, cancellation);
            all.AddRange(of);
        }

        return Found(all, rows, query with { CommonName = null }, gap);
    }

    /// <summary>Finds the newest of the whole CA. What was not noted when it happened is not there: finding it would take the whole
    /// table.</summary>
    /// <param name="since">The first moment that is wanted, UTC.</param>
    /// <param name="limit">The most entries; 1 or more.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<FoundHistory> NewestAsync(DateTimeOffset since, int limit, CancellationToken cancellation)
    {
        var query = new HistoryQuery(limit + 1) { Since = since };
        return Found(await ledger.FindHistoryAsync(query, cancellation), [], query, gap: null);
    }

    private async Task<(IReadOnlyList<HistoryEntry> Entries, string? Gap)> NotedAsync(HistoryQuery query, CancellationToken cancellation)
    {
        try
        {
            return (await ledger.FindHistoryAsync(query, cancellation), null);
        }
        catch (LedgerUnavailableException fault) when (fault.IsIndexMissing)
        {
            return ([], fault.Message); // the rows still tell of their certificates
        }
    }

    private FoundHistory Found(IReadOnlyList<HistoryEntry> noted, IReadOnlyList<CertificateRecord> rows, HistoryQuery query, string? gap)
    {
        DateTimeOffset now = clock.GetUtcNow();
        HistoryEntry[] kept = [.. noted.Where(entry => entry.KeptUntil > now)];
        HashSet<(HistoryKind, SerialNumber?, string?, DateTimeOffset)> known = [.. kept.Select(KeyOf)];
        HistoryEntry[] all =
        [
            // Of one second the ledger's order stays, as OrderBy is stable; a row says last what came last.
            .. kept.Concat(rows.SelectMany(OfRow).Reverse().Where(entry => query.Takes(entry) && !known.Contains(KeyOf(entry)))).OrderByDescending(entry => entry.At),
        ];
        return new FoundHistory([.. all.Take(query.Limit - 1)], all.Length >= query.Limit) { Gap = gap };

        static (HistoryKind, SerialNumber?, string?, DateTimeOffset) KeyOf(HistoryEntry entry) =>
            (entry.Kind, entry.SerialNumber, entry.CommonName, entry.Kind == HistoryKind.Issued ? default : entry.At);
    }

    // The row of a revocation has the first date and the gravest reason.
    private static IEnumerable<HistoryEntry> OfRow(CertificateRecord row)
    {
        yield return HistoryEntry.Issued(row, ca: null, row.Issued, actor: null) with { IsFromRow = true };
        foreach (DateTimeOffset at in row.ExpiryReminders)
        {
            yield return HistoryEntry.Reminded(row, at, actor: null) with { IsFromRow = true };
        }

        if (row.Revoked is { } revoked)
        {
            yield return HistoryEntry.Revoked(RowId.Of(row), revoked, actor: null) with { IsFromRow = true };
        }
    }
}

/// <summary>Is a part of the history, the newest first. Immutable.</summary>
/// <param name="Entries">What happened.</param>
/// <param name="HasMore">Whether there is more, and older, than the limit lets through.</param>
public sealed record FoundHistory(IReadOnlyList<HistoryEntry> Entries, bool HasMore)
{
    /// <summary>Says why only the rows could be read; null when the history could.</summary>
    public string? Gap { get; init; }
}
