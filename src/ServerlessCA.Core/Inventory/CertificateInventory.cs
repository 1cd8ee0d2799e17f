using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Inventory;

/// <summary>Finds certificates in a ledger. Methods that find one certificate use its key or an index, so that their cost depends
/// on what they find, however many rows there are; only <see cref="ListAsync"/> may read the whole table.</summary>
/// <param name="ledger">Where the certificates are stored.</param>
public sealed class CertificateInventory(ICertificateLedger ledger)
{
    private const int ReadsAtOnce = 16; // our decision: rows whose certificates a filter needs

    /// <summary>Finds the certificates of a common name, the newest first; names match exactly, case included.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
        InventoryOrder.NewestFirst(await ledger.FindByNameAsync(commonName, cancellation));

    /// <summary>Finds the certificates of a serial number, whatever their names: one, unless rows came from elsewhere. The likely
    /// reading of a written number counts; the other one counts only if no certificate has the likely one.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialReading serial, CancellationToken cancellation)
    {
        foreach (SerialNumber number in serial.InTurn)
        {
            if (await ledger.FindBySerialAsync(number, cancellation) is { Count: > 0 } found)
            {
                return found;
            }
        }

        return [];
    }

    /// <summary>Finds the certificates of a common name, the newest first; if it has none, those of a serial number that the text
    /// may be.</summary>
    /// <param name="text">A common name, or a serial number: decimal, or hexadecimal in any form.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<IReadOnlyList<CertificateRecord>> FindByNameOrSerialAsync(string text, CancellationToken cancellation) =>
        await FindByNameAsync(text, cancellation) is { Count: > 0 } named ? named
        : SerialNumberText.TryRead(text, out SerialReading serial) ? await FindBySerialAsync(serial, cancellation)
        : [];

    /// <summary>Finds the certificate of a common name and a serial number; null when there is none.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<CertificateRecord?> FindAsync(string commonName, SerialReading serial, CancellationToken cancellation)
    {
        foreach (SerialNumber number in serial.InTurn)
        {
            if (await ledger.FindAsync(commonName, number, cancellation) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Finds the certificate that a key is reserved for: the last one that was issued for it. Null when the key was
    /// never used, when the row is gone, and for rows of the original that were not migrated.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<CertificateRecord?> FindByKeyAsync(ReservedKey key, CancellationToken cancellation) =>
        await ledger.FindKeyAsync(key, cancellation) is { Holder: var holder }
            ? await ledger.FindAsync(holder.CommonName, holder.SerialNumber, cancellation)
            : null;

    /// <summary>Lists certificates. A ledger that filters and sorts itself (<see cref="IInventoryPages"/>) does so. Of others, where
    /// the filter limits the expiry, only such rows are read, and of them only what a line shows, unless the filter needs
    /// certificates: then those of the rows that pass the rest of it. Without such a limit, and where the ledger does not know the
    /// expiry of every row, the whole table is read. Only lines are held in memory.</summary>
    /// <param name="query">Which certificates to list, and how.</param>
    /// <param name="now">The current time, UTC: decides what is expired.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<InventoryList> ListAsync(InventoryQuery query, DateTimeOffset now, CancellationToken cancellation)
    {
        if (ledger is IInventoryPages pages)
        {
            return await pages.ListAsync(query, now, cancellation);
        }

        List<InventoryRow>? rows = null;
        string? wholeTable = null;
        if (query.Filter.Range(now) is { } range && (wholeTable = await WhyNotByExpiryAsync(cancellation)) is null)
        {
            try
            {
                rows = await ListByExpiryAsync(query.Filter, range, now, cancellation);
            }
            catch (LedgerUnavailableException fault) when (fault.IsIndexMissing)
            {
                wholeTable = WhyUnusable(fault);
            }
        }

        rows ??= await ListAllAsync(query.Filter, now, cancellation);
        IComparer<InventoryRow> order = InventoryOrder.Of(query.Sort);
        rows.Sort(order);
        IEnumerable<InventoryRow> after = query.After is { } place ? rows.SkipWhile(row => order.Compare(row, InventoryRow.Of(place.Line, now)) <= 0) : rows;
        return InventoryList.Page(after, rows.Count, query) with { WholeTable = wholeTable };
    }

    /// <summary>Counts certificates by status, and what expires week by week. A ledger that does not count itself
    /// (<see cref="IInventoryPages"/>) is read whole, and of its rows only what a line shows where it knows the expiry of
    /// all.</summary>
    /// <param name="now">The current time, UTC.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<InventorySummary> SummarizeAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        if (ledger is IInventoryPages pages)
        {
            return await pages.SummarizeAsync(now, cancellation);
        }

        var count = new SummaryCount(now);
        IAsyncEnumerable<CertificateLine> lines = await WhyNotByExpiryAsync(cancellation) is null
            ? ledger.ListByExpiryAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, cancellation)
            : ledger.ListAsync(cancellation).Select(CertificateLine.Of);
        await foreach (CertificateLine line in lines)
        {
            count.Add(line);
        }

        return count.Sum();
    }

    private async Task<string?> WhyNotByExpiryAsync(CancellationToken cancellation)
    {
        try
        {
            return await ledger.HasAllExpiriesAsync(cancellation)
                ? null
                : "the index of expiries does not have the rows of the original and of earlier versions yet; 'serverless-ca migrate --apply' adds them";
        }
        catch (LedgerUnavailableException fault)
        {
            return WhyUnusable(fault); // nobody knows whether the index has every row
        }
    }

    private static string WhyUnusable(LedgerUnavailableException fault) => $"the index of expiries cannot be used: {fault.Message.TrimEnd('.')}";

    private async Task<List<InventoryRow>> ListAllAsync(InventoryFilter filter, DateTimeOffset now, CancellationToken cancellation)
    {
        var rows = new List<InventoryRow>();
        await foreach (CertificateRecord record in ledger.ListAsync(cancellation))
        {
            if (filter.Takes(record, now))
            {
                rows.Add(InventoryRow.Of(record, now));
            }
        }

        return rows;
    }

    private async Task<List<InventoryRow>> ListByExpiryAsync(
        InventoryFilter filter, (DateTimeOffset From, DateTimeOffset Until) range, DateTimeOffset now, CancellationToken cancellation)
    {
        List<CertificateLine> lines = await ledger.ListByExpiryAsync(range.From, range.Until, cancellation)
            .Where(line => filter.TakesLine(line, now)).ToListAsync(cancellation);
        var rows = new List<InventoryRow>();
        foreach (CertificateLine[] some in lines.Chunk(ReadsAtOnce))
        {
            bool[] taken = await Task.WhenAll(some.Select(line => TakesCertificateAsync(filter, line, cancellation)));
            rows.AddRange(some.Where((_, place) => taken[place]).Select(line => InventoryRow.Of(line, now)));
        }

        return rows;
    }

    private async Task<bool> TakesCertificateAsync(InventoryFilter filter, CertificateLine line, CancellationToken cancellation) =>
        !filter.NeedsCertificate(line)
        || (await ledger.FindAsync(line.CommonName, line.SerialNumber, cancellation) is { } record && filter.TakesCertificate(line, record.Certificate));
}
