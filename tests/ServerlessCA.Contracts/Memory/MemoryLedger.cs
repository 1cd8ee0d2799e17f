using System.Runtime.CompilerServices;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Contracts.Memory;

/// <summary>A ledger in memory, for tests of the use cases. One lock makes every call a transaction.</summary>
public sealed class MemoryLedger : ICertificateLedger
{
    private readonly Lock gate = new();
    private readonly Dictionary<RowId, CertificateRecord> rows = [];
    private readonly MemoryReservations reservations = new();
    private readonly MemoryEvents events = new();
    private readonly Dictionary<string, DateTimeOffset> marks = [];

    /// <summary>All rows, in the order in which they were added.</summary>
    public IReadOnlyList<CertificateRecord> Records => Locked(() => rows.Values.ToList());

    /// <summary>Puts a row in place as the original system would have: no reservation, no event.</summary>
    public void Plant(CertificateRecord record) => Locked(() => rows[IdOf(record)] = record);

    /// <summary>Deletes a row, as somebody might by hand: reservations and events stay.</summary>
    public void Lose(RowId row) => Locked(() => rows.Remove(row));

    /// <summary>Reserves a key under one hash, as before reservations of RSA keys stood under that of the modulus.</summary>
    public void PlantKey(KeyHash hash, RowId row) => Locked(() => reservations.Plant(hash, row));

    public Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
        Run<IReadOnlyList<CertificateRecord>>(
            () => rows.Values.Where(record => record.CommonName == commonName).ToList(), cancellation);

    public Task<CertificateRecord?> FindAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation) =>
        Run(() => rows.GetValueOrDefault(new RowId(commonName, serialNumber)), cancellation);

    public Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialNumber serialNumber, CancellationToken cancellation) =>
        Run<IReadOnlyList<CertificateRecord>>(() => rows.Values.Where(record => record.SerialNumber == serialNumber).ToList(), cancellation);

    public Task<KeyReservation?> FindKeyAsync(ReservedKey key, CancellationToken cancellation) => Run(() => reservations.FindKey(key), cancellation);

    public async IAsyncEnumerable<RowId> ListReservedAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (RowId row in await Run(() => reservations.Reserved, cancellation))
        {
            yield return row;
        }
    }

    public IAsyncEnumerable<CertificateRecord> ListAsync(CancellationToken cancellation) => List(_ => true, cancellation);

    public IAsyncEnumerable<CertificateRecord> ListRevokedAsync(CancellationToken cancellation) =>
        List(record => record.Revoked is not null, cancellation);

    public IAsyncEnumerable<CertificateRecord> ListExpiringAsync(
        DateOnly first, DateOnly last, CancellationToken cancellation) => List(
            record => record is { NotifyExpiry: true, IsCa: false }
                && DateOnly.FromDateTime(record.Expires.UtcDateTime) is var day && day >= first && day <= last,
            cancellation);

    public Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation) =>
        Run(() => Add(addition), cancellation);

    public Task<RecalledIssue?> RecallAsync(string token, DateTimeOffset now, CancellationToken cancellation) =>
        Run(() => reservations.Recall(token, now), cancellation);

    public Task<bool> HappenedAsync(string onceId, CancellationToken cancellation) => Run(() => reservations.Happened(onceId), cancellation);

    public Task<DateTimeOffset?> FindMarkAsync(string name, CancellationToken cancellation) =>
        Run<DateTimeOffset?>(() => marks.TryGetValue(name, out DateTimeOffset at) ? at : null, cancellation);

    public Task SetMarkAsync(string name, DateTimeOffset at, CancellationToken cancellation) =>
        Run(() => marks[name] = at, cancellation);

    public Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? toTell, CancellationToken cancellation) =>
        Run(() => Revoke(row, revocation, key, toTell), cancellation);

    public Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification toTell, CancellationToken cancellation) => Run(
            () =>
            {
                if (!rows.TryGetValue(row, out CertificateRecord? record) || record.ExpiryReminders.Count != expectedCount)
                {
                    return false;
                }

                rows[row] = record with { ExpiryReminders = [.. record.ExpiryReminders, TableTime.WholeSeconds(at)] };
                events.Keep(toTell, onceOnly: false);
                return true;
            },
            cancellation);

    public Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation) => Run(
        () =>
        {
            CertificateRecord? record = rows.GetValueOrDefault(ca);
            long last = record?.CrlNumber ?? throw new InvalidOperationException($"There is no CA {ca}.");
            long next = Math.Max(last + 1, atLeast);
            rows[ca] = record with { CrlNumber = next };
            return next;
        },
        cancellation);

    public Task<bool> KeepEventAsync(Notification notification, bool onceOnly, CancellationToken cancellation) =>
        Run(() => events.Keep(notification, onceOnly), cancellation);

    public Task<IReadOnlyList<Notification>> PendingEventsAsync(int limit, CancellationToken cancellation) =>
        Run(() => events.Pending(limit), cancellation);

    public Task DropEventAsync(string notificationId, CancellationToken cancellation) =>
        Run(() => events.Drop(notificationId), cancellation);

    private AddOutcome Add(CertificateAddition addition)
    {
        CertificateRecord? stored = rows.GetValueOrDefault(IdOf(addition.Record));
        if (stored is not null && IsRepeat(stored, addition.Record))
        {
            return AddOutcome.Added;
        }

        AddOutcome outcome = reservations.Refuse(addition)
            ?? (addition.OnlyIfNameIsNew && rows.Keys.Any(row => row.CommonName == addition.Record.CommonName) ? AddOutcome.NameTaken
            : stored is not null ? AddOutcome.SerialTaken
            : AddOutcome.Added);
        if (outcome == AddOutcome.Added)
        {
            rows[IdOf(addition.Record)] = addition.Record;
            reservations.Make(addition, IdOf(addition.Record));
            if (addition.Event is { } toTell)
            {
                events.Keep(toTell, onceOnly: false);
            }
        }

        return outcome;
    }

    private static bool IsRepeat(CertificateRecord stored, CertificateRecord added) =>
        (stored.CertificatePem, stored.Issued, stored.Expires) == (added.CertificatePem, added.Issued, added.Expires);

    private RevokeOutcome Revoke(RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? toTell)
    {
        if (!rows.TryGetValue(row, out CertificateRecord? record))
        {
            return RevokeOutcome.NotFound;
        }

        CertificateRevocation now = (revocation with { At = TableTime.WholeSeconds(revocation.At) }).After(record.Revoked);
        rows[row] = record with { Revoked = now };
        if (key is { } known)
        {
            reservations.Remember(known, row, now.Reason);
        }

        if (record.Revoked is not null)
        {
            return now == record.Revoked ? RevokeOutcome.RevokedBefore : RevokeOutcome.ReasonReplaced;
        }

        if (toTell is not null)
        {
            events.Keep(toTell, onceOnly: false);
        }

        return RevokeOutcome.Revoked;
    }

    private async IAsyncEnumerable<CertificateRecord> List(
        Func<CertificateRecord, bool> condition, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (CertificateRecord record in await Run(() => rows.Values.Where(condition).ToList(), cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return record;
        }
    }

    private static RowId IdOf(CertificateRecord record) => new(record.CommonName, record.SerialNumber);

    // Yields first, as a real store would: use cases meet every interleaving that they can meet there.
    private async Task<T> Run<T>(Func<T> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await Task.Yield();
        return Locked(work);
    }

    private T Locked<T>(Func<T> work)
    {
        lock (gate)
        {
            return work();
        }
    }
}
