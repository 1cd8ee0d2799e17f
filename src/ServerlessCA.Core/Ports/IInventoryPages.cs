using ServerlessCA.Core.Inventory;

namespace ServerlessCA.Core.Ports;

/// <summary>Lists certificates page by page, and counts them, without returning all rows: what a ledger offers beside
/// <see cref="ICertificateLedger"/> if its store can filter and sort itself. <see cref="CertificateInventory"/> does the same over
/// every other ledger, by reading its rows.</summary>
public interface IInventoryPages
{
    /// <summary>Lists the certificates that pass the filter, in the order of the query, after its cursor and at most as many as it
    /// allows, and counts all that pass.</summary>
    /// <param name="query">Which certificates to list, and how.</param>
    /// <param name="now">The current time, UTC: decides what is expired.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    Task<InventoryList> ListAsync(InventoryQuery query, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Counts the certificates by status, and what expires week by week.</summary>
    /// <param name="now">The current time, UTC.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    Task<InventorySummary> SummarizeAsync(DateTimeOffset now, CancellationToken cancellation);
}
