using System.Runtime.CompilerServices;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Memory;

/// <summary>Is a ledger in memory whose rows a scenario can edit, as an operator can edit the table. What belongs to a removed
/// row, such as the reservation of its key, stays.</summary>
internal sealed class ScenarioLedger : ForwardingLedger
{
    private readonly MemoryLedger rows;
    private readonly HashSet<RowId> removed = [];

    private ScenarioLedger(MemoryLedger rows)
        : base(rows) => this.rows = rows;

    /// <summary>Makes an empty ledger.</summary>
    public static ScenarioLedger Create() => new(new MemoryLedger());

    /// <summary>Stores a row, whatever was there.</summary>
    public void Put(CertificateRecord row)
    {
        removed.Remove(RowId.Of(row));
        rows.Plant(row);
    }

    /// <summary>Removes a row.</summary>
    /// <returns>The row; null when there was none.</returns>
    public CertificateRecord? Remove(RowId id)
    {
        CertificateRecord? row = rows.Records.FirstOrDefault(row => RowId.Of(row) == id && IsThere(row));
        removed.Add(id);
        return row;
    }

    public override async Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation)
    {
        // A name whose rows are all removed is new.
        bool mayBeTaken = addition.OnlyIfNameIsNew && (await FindByNameAsync(addition.Record.CommonName, cancellation)).Count > 0;
        return await Inner.AddAsync(addition with { OnlyIfNameIsNew = mayBeTaken }, cancellation);
    }

    public override async Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
        [.. (await Inner.FindByNameAsync(commonName, cancellation)).Where(IsThere)];

    public override async Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialNumber serialNumber, CancellationToken cancellation) =>
        [.. (await Inner.FindBySerialAsync(serialNumber, cancellation)).Where(IsThere)];

    public override async Task<CertificateRecord?> FindAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation) =>
        await Inner.FindAsync(commonName, serialNumber, cancellation) is { } row && IsThere(row) ? row : null;

    public override IAsyncEnumerable<CertificateRecord> ListAsync(CancellationToken cancellation) => There(Inner.ListAsync(cancellation), cancellation);

    public override IAsyncEnumerable<CertificateRecord> ListRevokedAsync(CancellationToken cancellation) =>
        There(Inner.ListRevokedAsync(cancellation), cancellation);

    public override IAsyncEnumerable<CertificateRecord> ListExpiringAsync(DateOnly first, DateOnly last, CancellationToken cancellation) =>
        There(Inner.ListExpiringAsync(first, last, cancellation), cancellation);

    public override async Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? notification, HistoryEntry? history, CancellationToken cancellation) =>
        removed.Contains(row)
            ? RevokeOutcome.NotFound
            : await Inner.RevokeAsync(row, revocation, key, notification, history, cancellation);

    public override async Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification notification, HistoryEntry? history, CancellationToken cancellation) =>
        !removed.Contains(row) && await Inner.AddReminderAsync(row, at, expectedCount, notification, history, cancellation);

    public override Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation) => removed.Contains(ca)
        ? throw new InvalidOperationException($"There is no CA {ca}.")
        : Inner.NextCrlNumberAsync(ca, atLeast, cancellation);

    private async IAsyncEnumerable<CertificateRecord> There(
        IAsyncEnumerable<CertificateRecord> all, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (CertificateRecord row in all.WithCancellation(cancellation))
        {
            if (IsThere(row))
            {
                yield return row;
            }
        }
    }

    private bool IsThere(CertificateRecord row) => !removed.Contains(RowId.Of(row));
}
