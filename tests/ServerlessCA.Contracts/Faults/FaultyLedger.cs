using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Contracts.Faults;

/// <summary>A ledger whose calls fail as planned.</summary>
public sealed class FaultyLedger(ICertificateLedger inner, FaultPlan plan) : ICertificateLedger
{
    public Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
        Reading(() => inner.FindByNameAsync(commonName, cancellation));

    public Task<CertificateRecord?> FindAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation) =>
        Reading(() => inner.FindAsync(commonName, serialNumber, cancellation));

    public Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialNumber serialNumber, CancellationToken cancellation) =>
        Reading(() => inner.FindBySerialAsync(serialNumber, cancellation));

    public Task<KeyReservation?> FindKeyAsync(ReservedKey key, CancellationToken cancellation) =>
        Reading(() => inner.FindKeyAsync(key, cancellation));

    public IAsyncEnumerable<RowId> ListReservedAsync(CancellationToken cancellation) => Streaming(inner.ListReservedAsync(cancellation));

    public IAsyncEnumerable<CertificateRecord> ListAsync(CancellationToken cancellation) =>
        Streaming(inner.ListAsync(cancellation));

    public IAsyncEnumerable<CertificateRecord> ListRevokedAsync(CancellationToken cancellation) =>
        Streaming(inner.ListRevokedAsync(cancellation));

    public IAsyncEnumerable<CertificateRecord> ListExpiringAsync(DateOnly first, DateOnly last, CancellationToken cancellation) =>
        Streaming(inner.ListExpiringAsync(first, last, cancellation));

    public Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation) =>
        plan.WriteAsync(() => inner.AddAsync(addition, cancellation), Failure);

    public Task<RecalledIssue?> RecallAsync(string token, DateTimeOffset now, CancellationToken cancellation) =>
        Reading(() => inner.RecallAsync(token, now, cancellation));

    public Task<bool> HappenedAsync(string onceId, CancellationToken cancellation) => Reading(() => inner.HappenedAsync(onceId, cancellation));

    public Task<DateTimeOffset?> FindMarkAsync(string name, CancellationToken cancellation) =>
        Reading(() => inner.FindMarkAsync(name, cancellation));

    public Task SetMarkAsync(string name, DateTimeOffset at, CancellationToken cancellation) =>
        plan.WriteAsync(() => inner.SetMarkAsync(name, at, cancellation), Failure);

    public Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? toTell, CancellationToken cancellation) =>
        plan.WriteAsync(() => inner.RevokeAsync(row, revocation, key, toTell, cancellation), Failure);

    public Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification toTell, CancellationToken cancellation) =>
        plan.WriteAsync(() => inner.AddReminderAsync(row, at, expectedCount, toTell, cancellation), Failure);

    public Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation) =>
        plan.WriteAsync(() => inner.NextCrlNumberAsync(ca, atLeast, cancellation), Failure);

    public Task<bool> KeepEventAsync(Notification notification, bool onceOnly, CancellationToken cancellation) =>
        plan.WriteAsync(() => inner.KeepEventAsync(notification, onceOnly, cancellation), Failure);

    public Task<IReadOnlyList<Notification>> PendingEventsAsync(int limit, CancellationToken cancellation) =>
        Reading(() => inner.PendingEventsAsync(limit, cancellation));

    public Task DropEventAsync(string notificationId, CancellationToken cancellation) =>
        plan.WriteAsync(() => inner.DropEventAsync(notificationId, cancellation), Failure);

    private static LedgerUnavailableException Failure(string message) => new(message);

    private async Task<T> Reading<T>(Func<Task<T>> read)
    {
        plan.Read(Failure);
        return await read();
    }

    private async IAsyncEnumerable<T> Streaming<T>(IAsyncEnumerable<T> rows)
    {
        plan.Read(Failure);
        await foreach (T row in rows)
        {
            yield return row;
        }
    }
}
