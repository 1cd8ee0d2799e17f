using ServerlessCA.Core.History;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Server.Metrics;

/// <summary>Counts what is stored, whoever requested it: functions, the API, a run, the server's own certificate.</summary>
/// <param name="inner">The ledger that the calls go to.</param>
/// <param name="metrics">Counts.</param>
internal sealed class CountingLedger(ICertificateLedger inner, ServerMetrics metrics) : ForwardingLedger(inner), IInventoryPages, ILedgerLayer
{
    private readonly CertificateInventory inventory = new(inner);

    /// <inheritdoc/>
    public ICertificateLedger Below => Inner;

    /// <inheritdoc/>
    public override async Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation)
    {
        AddOutcome outcome = await Inner.AddAsync(addition, cancellation);
        if (outcome == AddOutcome.Added)
        {
            metrics.Issued(addition.Record.IsCa);
        }

        return outcome;
    }

    /// <inheritdoc/>
    public override async Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? notification, HistoryEntry? history, CancellationToken cancellation)
    {
        RevokeOutcome outcome = await Inner.RevokeAsync(row, revocation, key, notification, history, cancellation);
        if (outcome == RevokeOutcome.Revoked)
        {
            metrics.Revoked();
        }

        return outcome;
    }

    /// <inheritdoc/>
    public Task<InventoryList> ListAsync(InventoryQuery query, DateTimeOffset now, CancellationToken cancellation) =>
        inventory.ListAsync(query, now, cancellation);

    /// <inheritdoc/>
    public Task<InventorySummary> SummarizeAsync(DateTimeOffset now, CancellationToken cancellation) => inventory.SummarizeAsync(now, cancellation);
}
