using System.Text.Json.Nodes;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Recording;

/// <summary>A ledger that records every change of a row, as the table would show it.</summary>
/// <param name="inner">The ledger that stores.</param>
/// <param name="tableName">The table of the contract.</param>
/// <param name="recorder">Where changes go.</param>
/// <param name="read">The table's item of a row.</param>
internal sealed class RecordingLedger(
    ICertificateLedger inner, string tableName, Recorder recorder, Func<RowId, CancellationToken, Task<JsonObject?>> read) : ICertificateLedger
{
    public Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation) => RecordAsync(
        "put", new RowId(addition.Record.CommonName, addition.Record.SerialNumber),
        () => inner.AddAsync(addition, cancellation), made => made == AddOutcome.Added, cancellation);

    public Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? toTell, CancellationToken cancellation) =>
        RecordAsync(
            "update", row, () => inner.RevokeAsync(row, revocation, key, toTell, cancellation),
            made => made is RevokeOutcome.Revoked or RevokeOutcome.ReasonReplaced, cancellation);

    public Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification toTell, CancellationToken cancellation) => RecordAsync(
        "update", row, () => inner.AddReminderAsync(row, at, expectedCount, toTell, cancellation), made => made, cancellation);

    public Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation) => RecordAsync(
        "update", ca, () => inner.NextCrlNumberAsync(ca, atLeast, cancellation), _ => true, cancellation);

    public Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
        inner.FindByNameAsync(commonName, cancellation);

    public Task<CertificateRecord?> FindAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation) =>
        inner.FindAsync(commonName, serialNumber, cancellation);

    public Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialNumber serialNumber, CancellationToken cancellation) =>
        inner.FindBySerialAsync(serialNumber, cancellation);

    public Task<KeyReservation?> FindKeyAsync(ReservedKey key, CancellationToken cancellation) => inner.FindKeyAsync(key, cancellation);

    public IAsyncEnumerable<RowId> ListReservedAsync(CancellationToken cancellation) => inner.ListReservedAsync(cancellation);

    public IAsyncEnumerable<CertificateRecord> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);

    public IAsyncEnumerable<CertificateRecord> ListRevokedAsync(CancellationToken cancellation) => inner.ListRevokedAsync(cancellation);

    public IAsyncEnumerable<CertificateRecord> ListExpiringAsync(DateOnly first, DateOnly last, CancellationToken cancellation) =>
        inner.ListExpiringAsync(first, last, cancellation);

    public Task<bool> HappenedAsync(string onceId, CancellationToken cancellation) => inner.HappenedAsync(onceId, cancellation);

    public Task<DateTimeOffset?> FindMarkAsync(string name, CancellationToken cancellation) => inner.FindMarkAsync(name, cancellation);

    public Task SetMarkAsync(string name, DateTimeOffset at, CancellationToken cancellation) => inner.SetMarkAsync(name, at, cancellation);

    public Task<RecalledIssue?> RecallAsync(string token, DateTimeOffset now, CancellationToken cancellation) =>
        inner.RecallAsync(token, now, cancellation);

    public Task<bool> KeepEventAsync(Notification notification, bool onceOnly, CancellationToken cancellation) =>
        inner.KeepEventAsync(notification, onceOnly, cancellation);

    public Task<IReadOnlyList<Notification>> PendingEventsAsync(int limit, CancellationToken cancellation) =>
        inner.PendingEventsAsync(limit, cancellation);

    public Task DropEventAsync(string notificationId, CancellationToken cancellation) => inner.DropEventAsync(notificationId, cancellation);

    private async Task<T> RecordAsync<T>(
        string action, RowId id, Func<Task<T>> change, Predicate<T> changed, CancellationToken cancellation)
    {
        JsonObject? before = await read(id, cancellation);
        T made = await change();
        JsonObject? after = await read(id, cancellation);
        if (changed(made))
        {
            recorder.Current.AddRow(action, tableName, before, after);
        }

        return made;
    }
}
