using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Lambda.Composition;

/// <summary>A ledger that hands every call on; derived ones change a few.</summary>
internal abstract class ForwardingLedger(ICertificateLedger inner) : ICertificateLedger
{
    protected ICertificateLedger Inner { get; } = inner;

    public virtual Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
        Inner.FindByNameAsync(commonName, cancellation);

    public Task<CertificateRecord?> FindAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation) =>
        Inner.FindAsync(commonName, serialNumber, cancellation);

    public Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialNumber serialNumber, CancellationToken cancellation) =>
        Inner.FindBySerialAsync(serialNumber, cancellation);

    public Task<KeyReservation?> FindKeyAsync(ReservedKey key, CancellationToken cancellation) => Inner.FindKeyAsync(key, cancellation);

    public IAsyncEnumerable<RowId> ListReservedAsync(CancellationToken cancellation) => Inner.ListReservedAsync(cancellation);

    public IAsyncEnumerable<CertificateRecord> ListAsync(CancellationToken cancellation) => Inner.ListAsync(cancellation);

    public IAsyncEnumerable<CertificateRecord> ListRevokedAsync(CancellationToken cancellation) => Inner.ListRevokedAsync(cancellation);

    public IAsyncEnumerable<CertificateRecord> ListExpiringAsync(DateOnly first, DateOnly last, CancellationToken cancellation) =>
        Inner.ListExpiringAsync(first, last, cancellation);

    public Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation) => Inner.AddAsync(addition, cancellation);

    public Task<RecalledIssue?> RecallAsync(string token, DateTimeOffset now, CancellationToken cancellation) =>
        Inner.RecallAsync(token, now, cancellation);

    public Task<bool> HappenedAsync(string onceId, CancellationToken cancellation) => Inner.HappenedAsync(onceId, cancellation);

    public Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? toTell, CancellationToken cancellation) =>
        Inner.RevokeAsync(row, revocation, key, toTell, cancellation);

    public Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification toTell, CancellationToken cancellation) =>
        Inner.AddReminderAsync(row, at, expectedCount, toTell, cancellation);

    public Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation) =>
        Inner.NextCrlNumberAsync(ca, atLeast, cancellation);

    public Task<DateTimeOffset?> FindMarkAsync(string name, CancellationToken cancellation) => Inner.FindMarkAsync(name, cancellation);

    public Task SetMarkAsync(string name, DateTimeOffset at, CancellationToken cancellation) => Inner.SetMarkAsync(name, at, cancellation);

    public Task<bool> KeepEventAsync(Notification notification, bool onceOnly, CancellationToken cancellation) =>
        Inner.KeepEventAsync(notification, onceOnly, cancellation);

    public Task<IReadOnlyList<Notification>> PendingEventsAsync(int limit, CancellationToken cancellation) =>
        Inner.PendingEventsAsync(limit, cancellation);

    public virtual Task DropEventAsync(string notificationId, CancellationToken cancellation) =>
        Inner.DropEventAsync(notificationId, cancellation);
}
