using System.Runtime.CompilerServices;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Memory;

/// <summary>A ledger in memory whose rows a scenario can edit, as an operator can edit the table. What belongs to a
/// removed row, such as the reservation of its key, stays.</summary>
internal sealed class ScenarioLedger : ICertificateLedger
{
    private readonly MemoryLedger inner = new();
    private readonly HashSet<RowId> removed = [];

    /// <summary>Puts a row in place, whatever was there.</summary>
    public void Put(CertificateRecord row)
    {
        removed.Remove(IdOf(row));
        inner.Plant(row);
    }

    /// <summary>Removes a row.</summary>
    /// <returns>The row; null when there was none.</returns>
    public CertificateRecord? Remove(RowId id)
    {
        CertificateRecord? row = inner.Records.FirstOrDefault(row => IdOf(row) == id && IsThere(row));
        removed.Add(id);
        return row;
    }

    public async Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation)
    {
        // A name whose rows are all removed is new.
        bool mayBeTaken = addition.OnlyIfNameIsNew && (await FindByNameAsync(addition.Record.CommonName, cancellation)).Count > 0;
        return await inner.AddAsync(addition with { OnlyIfNameIsNew = mayBeTaken }, cancellation);
    }

    public async Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
        [.. (await inner.FindByNameAsync(commonName, cancellation)).Where(IsThere)];

    public async Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialNumber serialNumber, CancellationToken cancellation) =>
        [.. (await inner.FindBySerialAsync(serialNumber, cancellation)).Where(IsThere)];

    public async Task<CertificateRecord?> FindAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation) =>
        await inner.FindAsync(commonName, serialNumber, cancellation) is { } row && IsThere(row) ? row : null;

    public IAsyncEnumerable<CertificateRecord> ListAsync(CancellationToken cancellation) => There(inner.ListAsync(cancellation), cancellation);

    public IAsyncEnumerable<RowId> ListReservedAsync(CancellationToken cancellation) => inner.ListReservedAsync(cancellation);

    public IAsyncEnumerable<CertificateRecord> ListRevokedAsync(CancellationToken cancellation) =>
        There(inner.ListRevokedAsync(cancellation), cancellation);

    public IAsyncEnumerable<CertificateRecord> ListExpiringAsync(DateOnly first, DateOnly last, CancellationToken cancellation) =>
        There(inner.ListExpiringAsync(first, last, cancellation), cancellation);

    public async Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? toTell, CancellationToken cancellation) =>
        removed.Contains(row)
            ? RevokeOutcome.NotFound
            : await inner.RevokeAsync(row, revocation, key, toTell, cancellation);

    public async Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification toTell, CancellationToken cancellation) =>
        !removed.Contains(row) && await inner.AddReminderAsync(row, at, expectedCount, toTell, cancellation);

    public Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation) => removed.Contains(ca)
        ? throw new InvalidOperationException($"There is no CA {ca}.")
        : inner.NextCrlNumberAsync(ca, atLeast, cancellation);

    public Task<KeyReservation?> FindKeyAsync(ReservedKey key, CancellationToken cancellation) => inner.FindKeyAsync(key, cancellation);

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

    private async IAsyncEnumerable<CertificateRecord> There(
        IAsyncEnumerable<CertificateRecord> rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (CertificateRecord row in rows.WithCancellation(cancellation))
        {
            if (IsThere(row))
            {
                yield return row;
            }
        }
    }

    private bool IsThere(CertificateRecord row) => !removed.Contains(IdOf(row));

    private static RowId IdOf(CertificateRecord row) => new(row.CommonName, row.SerialNumber);
}
