using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Sqlite;

// The inventory, page by page: the file filters, sorts and counts.
public sealed partial class SqliteLedger : IInventoryPages
{
    /// <inheritdoc/>
    public Task<InventoryList> ListAsync(InventoryQuery query, DateTimeOffset now, CancellationToken cancellation) =>
        connections.ReadAsync(connection => InventoryStatements.List(file, connection, query, now), cancellation);

    /// <inheritdoc/>
    public Task<InventorySummary> SummarizeAsync(DateTimeOffset now, CancellationToken cancellation) =>
        connections.ReadAsync(connection => InventoryStatements.Summarize(connection, now), cancellation);
}
