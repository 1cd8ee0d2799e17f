using System.Runtime.CompilerServices;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Contracts.Memory;

/// <summary>Is a ledger in memory, for tests of the use cases. One lock makes every call a transaction.</summary>
public sealed class MemoryLedger : ICertificateLedger
{
    private readonly Lock gate = new();
    private readonly Dictionary<RowId, CertificateRecord> rows = [];
    private readonly MemoryReservations reservations = new();
    private readonly MemoryEvents events = new();
    private readonly Dictionary<string, DateTimeOffset> marks = [];
    private readonly MemoryHistory history = new();

    /// <summary>Lists all rows, in the order in which they were added.</summary>
    public IReadOnlyList<CertificateRecord> Records => Locked(() => rows.Values.ToList());

    /// <summary>Lists the names of the marks that were set.</summary>
    public IReadOnlyList<string> Marks => Locked(() => marks.Keys.ToList());

    /// <summary>Stores a row as the original would have: without reservation and event.</summary>
    public void Plant(CertificateRecord record) => Locked(() => rows[RowId.Of(record)] = record);

    /// <summary>Deletes a row, as somebody might by hand: reservations and events stay.</summary>
    public void Lose(RowId row) => Locked(() => rows.Remove(row));

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
            record => record.IsToRemind && record.ExpiresWithin(first, last),
            cancellation);

    public IAsyncEnumerable<CertificateLine> ListByExpiryAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) =>
        List(record => record.Expires >= from && record.Expires <= until, cancellation).Select(CertificateLine.Of);

    public Task<bool> HasAllExpiriesAsync(CancellationToken cancellation) => Run(() => true, cancellation);

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
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? notification, HistoryEntry? history, CancellationToken cancellation) =>
        Run(() => Revoke(row, revocation, key, notification, history), cancellation);

    public Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification notification, HistoryEntry? history, CancellationToken cancellation) => Run(
            () =>
            {
                if (rows.GetValueOrDefault(row)?.WithReminder(at, expectedCount) is not { } reminded)
                {
                    return false;
                }

                rows[row] = reminded;
                this.history.Add(history);
                events.Store(notification, onceOnly: false);
                return true;
            },
            cancellation);

    public Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation) => Run(
        () =>
        {
            rows[ca] = rows.GetValueOrDefault(ca)?.WithNextCrl(atLeast) ?? throw new InvalidOperationException($"There is no CA {ca}.");
            return rows[ca].CrlNumber!.Value;
        },
        cancellation);

    public Task<bool> AddToOutboxAsync(Notification notification, bool onceOnly, CancellationToken cancellation) =>
        Run(() => events.Store(notification, onceOnly), cancellation);

    public Task<IReadOnlyList<Notification>> ReadOutboxAsync(int limit, CancellationToken cancellation) =>
        Run(() => events.Pending(limit), cancellation);

    public Task RemoveFromOutboxAsync(string notificationId, CancellationToken cancellation) =>
        Run(() => events.Drop(notificationId), cancellation);

    public Task AddHistoryAsync(HistoryEntry entry, CancellationToken cancellation) => Run(() => history.Add(entry), cancellation);

    public Task<IReadOnlyList<HistoryEntry>> FindHistoryAsync(HistoryQuery query, CancellationToken cancellation) =>
        Run(() => history.Find(query), cancellation);

    private AddOutcome Add(CertificateAddition addition)
    {
        var row = RowId.Of(addition.Record);
        bool nameTaken = addition.OnlyIfNameIsNew && rows.Keys.Any(known => known.CommonName == row.CommonName);
        if (addition.Judge(reservations.Facts(addition, rows.GetValueOrDefault(row), nameTaken)) is { } outcome)
        {
            return outcome;
        }

        rows[row] = addition.Record;
        reservations.Make(addition, row);
        history.Add(addition.History);
        if (addition.Event is { } notification)
        {
            events.Store(notification, onceOnly: false);
        }

        return AddOutcome.Added;
    }

    private RevokeOutcome Revoke(RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? notification, HistoryEntry? entry)
    {
        if (!rows.TryGetValue(row, out CertificateRecord? record))
        {
            return RevokeOutcome.NotFound;
        }

        var mark = RevocationMark.Of(record, revocation);
        rows[row] = record with { Revoked = mark.Now };
        history.Add(mark.ChangesRow ? entry : null);
        if (key is { } known)
        {
            reservations.Remember(known, row, mark.Now.Reason);
        }

        if (mark.StoresEvent && notification is not null)
        {
            events.Store(notification, onceOnly: false);
        }

        return mark.Outcome;
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

/// <summary>Holds what may be used once. Its owner locks.</summary>
internal sealed class MemoryReservations
{
    private readonly Dictionary<KeyHash, KeyReservation> keys = [];
    private readonly HashSet<string> once = [];
    private readonly Dictionary<string, RecalledIssue> tokens = [];

    public KeyReservation? FindKey(ReservedKey key) =>
        keys.GetValueOrDefault(key.Hash) ?? (key.Former is { } former ? keys.GetValueOrDefault(former) : null);

    public void Remember(ReservedKey key, RowId row, RevocationReason reason) =>
        keys[key.Hash] = KeyReservation.Remembering(FindKey(key), row, reason);

    public RecalledIssue? Recall(string token, DateTimeOffset now) =>
        tokens.TryGetValue(token, out RecalledIssue? issue) && issue.Claim.At >= IdempotencyClaim.CountsSince(now) ? issue : null;

    public IReadOnlyList<RowId> Reserved => [.. keys.Values.Select(key => key.Holder)];

    public bool Happened(string onceId) => once.Contains(onceId);

    public AdditionFacts Facts(CertificateAddition addition, CertificateRecord? stored, bool nameTaken) => new(
        stored,
        addition.Key is { } key ? FindKey(key) : null,
        TokenUsed: addition.Token is { } token && Recall(token.Token, token.At) is not null,
        HappenedBefore: addition.OnceId is { } id && once.Contains(id),
        nameTaken);

    public void Make(CertificateAddition addition, RowId row)
    {
        if (addition.Key is { } key)
        {
            keys[key.Hash] = KeyReservation.HeldBy(row);
        }

        if (addition.OnceId is { } id)
        {
            once.Add(id);
        }

        if (addition.Token is { } token)
        {
            IdempotencyClaim claim = token with { At = TableTime.WholeSeconds(token.At) };
            tokens[token.Token] = new RecalledIssue(claim, row.CommonName, row.SerialNumber);
        }
    }
}

/// <summary>Holds the outbox, in the order in which events were stored. Its owner locks.</summary>
internal sealed class MemoryEvents
{
    private readonly List<Notification> pending = [];
    private readonly HashSet<string> toldForGood = [];

    public bool Store(Notification notification, bool onceOnly)
    {
        bool toldBefore = toldForGood.Contains(notification.Id);
        bool isStored = pending.Any(stored => stored.Id == notification.Id);
        if (onceOnly)
        {
            toldForGood.Add(notification.Id);
        }

        if (toldBefore || isStored)
        {
            return false;
        }

        pending.Add(notification);
        return true;
    }

    public IReadOnlyList<Notification> Pending(int limit) => [.. pending.Take(limit)];

    public bool Drop(string id) => pending.RemoveAll(stored => stored.Id == id) > 0;
}

/// <summary>Holds the history, in the order in which entries were stored. Its owner locks.</summary>
internal sealed class MemoryHistory
{
    private readonly Dictionary<string, HistoryEntry> entries = [];

    public bool Add(HistoryEntry? entry)
    {
        if (entry is null)
        {
            return false;
        }

        foreach (HistoryEntry old in entries.Values.Where(old => old.KeptUntil <= entry.At).ToList())
        {
            entries.Remove(old.Id);
        }

        return entries.TryAdd(entry.Id, entry);
    }

    public IReadOnlyList<HistoryEntry> Find(HistoryQuery query) =>
        [.. entries.Values.Where(query.Takes).Reverse().OrderByDescending(entry => entry.At).Take(query.Limit)];
}
