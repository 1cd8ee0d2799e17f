using System.Runtime.CompilerServices;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Ports;

/// <summary>Forwards every call to another ledger: the base of ledgers that change a few calls, or watch all of them. Each call
/// goes through <see cref="ReadAsync"/>, <see cref="ReadAll"/> or <see cref="WriteAsync"/>, which a derived ledger overrides to
/// do something before or after every call of that kind.</summary>
/// <param name="inner">The ledger that the calls go to.</param>
public abstract class ForwardingLedger(ICertificateLedger inner) : ICertificateLedger
{
    /// <summary>Gets the ledger that the calls go to.</summary>
    protected ICertificateLedger Inner { get; } = inner;

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
        ReadAsync(() => Inner.FindByNameAsync(commonName, cancellation));

    /// <inheritdoc/>
    public virtual Task<CertificateRecord?> FindAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation) =>
        ReadAsync(() => Inner.FindAsync(commonName, serialNumber, cancellation));

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialNumber serialNumber, CancellationToken cancellation) =>
        ReadAsync(() => Inner.FindBySerialAsync(serialNumber, cancellation));

    /// <inheritdoc/>
    public virtual Task<KeyReservation?> FindKeyAsync(ReservedKey key, CancellationToken cancellation) =>
        ReadAsync(() => Inner.FindKeyAsync(key, cancellation));

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<RowId> ListReservedAsync(CancellationToken cancellation) => ReadAll(Inner.ListReservedAsync(cancellation));

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<CertificateRecord> ListAsync(CancellationToken cancellation) => ReadAll(Inner.ListAsync(cancellation));

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<CertificateRecord> ListRevokedAsync(CancellationToken cancellation) =>
        ReadAll(Inner.ListRevokedAsync(cancellation));

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<CertificateRecord> ListExpiringAsync(DateOnly first, DateOnly last, CancellationToken cancellation) =>
        ReadAll(Inner.ListExpiringAsync(first, last, cancellation));

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<CertificateLine> ListByExpiryAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) =>
        ReadAll(Inner.ListByExpiryAsync(from, until, cancellation));

    /// <inheritdoc/>
    public virtual Task<bool> HasAllExpiriesAsync(CancellationToken cancellation) => ReadAsync(() => Inner.HasAllExpiriesAsync(cancellation));

    /// <inheritdoc/>
    public virtual Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation) =>
        WriteAsync(() => Inner.AddAsync(addition, cancellation));

    /// <inheritdoc/>
    public virtual Task<RecalledIssue?> RecallAsync(string token, DateTimeOffset now, CancellationToken cancellation) =>
        ReadAsync(() => Inner.RecallAsync(token, now, cancellation));

    /// <inheritdoc/>
    public virtual Task<bool> HappenedAsync(string onceId, CancellationToken cancellation) =>
        ReadAsync(() => Inner.HappenedAsync(onceId, cancellation));

    /// <inheritdoc/>
    public virtual Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? notification, HistoryEntry? history, CancellationToken cancellation) =>
        WriteAsync(() => Inner.RevokeAsync(row, revocation, key, notification, history, cancellation));

    /// <inheritdoc/>
    public virtual Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification notification, HistoryEntry? history, CancellationToken cancellation) =>
        WriteAsync(() => Inner.AddReminderAsync(row, at, expectedCount, notification, history, cancellation));

    /// <inheritdoc/>
    public virtual Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation) =>
        WriteAsync(() => Inner.NextCrlNumberAsync(ca, atLeast, cancellation));

    /// <inheritdoc/>
    public virtual Task<DateTimeOffset?> FindMarkAsync(string name, CancellationToken cancellation) =>
        ReadAsync(() => Inner.FindMarkAsync(name, cancellation));

    /// <inheritdoc/>
    public virtual Task SetMarkAsync(string name, DateTimeOffset at, CancellationToken cancellation) =>
        WriteAsync(() => Done(Inner.SetMarkAsync(name, at, cancellation)));

    /// <inheritdoc/>
    public virtual Task<bool> AddToOutboxAsync(Notification notification, bool onceOnly, CancellationToken cancellation) =>
        WriteAsync(() => Inner.AddToOutboxAsync(notification, onceOnly, cancellation));

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<Notification>> ReadOutboxAsync(int limit, CancellationToken cancellation) =>
        ReadAsync(() => Inner.ReadOutboxAsync(limit, cancellation));

    /// <inheritdoc/>
    public virtual Task RemoveFromOutboxAsync(string notificationId, CancellationToken cancellation) =>
        WriteAsync(() => Done(Inner.RemoveFromOutboxAsync(notificationId, cancellation)));

    /// <inheritdoc/>
    public virtual Task AddHistoryAsync(HistoryEntry entry, CancellationToken cancellation) =>
        WriteAsync(() => Done(Inner.AddHistoryAsync(entry, cancellation)));

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<HistoryEntry>> FindHistoryAsync(HistoryQuery query, CancellationToken cancellation) =>
        ReadAsync(() => Inner.FindHistoryAsync(query, cancellation));

    /// <summary>Forwards a read with one answer; every such call comes here.</summary>
    /// <param name="read">Calls the inner ledger.</param>
    /// <param name="method">The name of the port's method.</param>
    protected virtual Task<T> ReadAsync<T>(Func<Task<T>> read, [CallerMemberName] string method = "") => read();

    /// <summary>Forwards a read of a stream; every such call comes here.</summary>
    /// <param name="rows">The stream of the inner ledger.</param>
    /// <param name="method">The name of the port's method.</param>
    protected virtual IAsyncEnumerable<T> ReadAll<T>(IAsyncEnumerable<T> rows, [CallerMemberName] string method = "") => rows;

    /// <summary>Forwards a write; every such call comes here. Writes without an answer return true.</summary>
    /// <param name="write">Calls the inner ledger.</param>
    /// <param name="method">The name of the port's method.</param>
    protected virtual Task<T> WriteAsync<T>(Func<Task<T>> write, [CallerMemberName] string method = "") => write();

    private static async Task<bool> Done(Task write)
    {
        await write;
        return true;
    }
}
