using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Pipeline;

/// <summary>Answers as a ledger would in which a plan had been carried out so far, and writes nothing: what is written here is
/// remembered in memory, over what the real ledger has. So the second of two entries with one key meets the first. Safe for
/// concurrent use.</summary>
/// <param name="inner">The real ledger, which is only read.</param>
public sealed class PlannedLedger(ICertificateLedger inner) : ForwardingLedger(inner)
{
    private readonly ConcurrentDictionary<RowId, CertificateRecord> rows = [];
    private readonly ConcurrentDictionary<KeyHash, KeyReservation> keys = [];
    private readonly ConcurrentDictionary<string, RecalledIssue> tokens = [];
    private readonly ConcurrentDictionary<string, bool> once = [];
    private readonly ConcurrentDictionary<string, DateTimeOffset> marks = [];
    private readonly Lock gate = new();
    private Task lastWrite = Task.CompletedTask;
    private readonly PlannedEvents events = new();
    private readonly PlannedHistory history = new();

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
        Over(await Inner.FindByNameAsync(commonName, cancellation), row => row.CommonName == commonName);

    /// <inheritdoc/>
    public override async Task<CertificateRecord?> FindAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation) =>
        rows.GetValueOrDefault(new RowId(commonName, serialNumber)) ?? await Inner.FindAsync(commonName, serialNumber, cancellation);

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialNumber serialNumber, CancellationToken cancellation) =>
        Over(await Inner.FindBySerialAsync(serialNumber, cancellation), row => row.SerialNumber == serialNumber);

    // The key's own hash comes before its former one, wherever each stands.
    /// <inheritdoc/>
    public override async Task<KeyReservation?> FindKeyAsync(ReservedKey key, CancellationToken cancellation) =>
        keys.TryGetValue(key.Hash, out KeyReservation? own) ? own
        : key.Former is { } former && keys.TryGetValue(former, out KeyReservation? before)
            ? await Inner.FindKeyAsync(key with { Former = null }, cancellation) ?? before
        : await Inner.FindKeyAsync(key, cancellation);

    /// <inheritdoc/>
    public override async IAsyncEnumerable<RowId> ListReservedAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (KeyReservation reservation in keys.Values)
        {
            yield return reservation.Holder;
        }

        await foreach (RowId row in Inner.ListReservedAsync(cancellation).WithCancellation(cancellation))
        {
            yield return row;
        }
    }

    /// <inheritdoc/>
    public override IAsyncEnumerable<CertificateRecord> ListAsync(CancellationToken cancellation) =>
        OverAsync(Inner.ListAsync(cancellation), _ => true, cancellation);

    /// <inheritdoc/>
    public override IAsyncEnumerable<CertificateRecord> ListRevokedAsync(CancellationToken cancellation) =>
        OverAsync(Inner.ListRevokedAsync(cancellation), row => row.Revoked is not null, cancellation);

    /// <inheritdoc/>
    public override IAsyncEnumerable<CertificateRecord> ListExpiringAsync(DateOnly first, DateOnly last, CancellationToken cancellation) =>
        OverAsync(Inner.ListExpiringAsync(first, last, cancellation), row => row.IsToRemind && row.ExpiresWithin(first, last), cancellation);

    /// <inheritdoc/>
    public override async IAsyncEnumerable<CertificateLine> ListByExpiryAsync(
        DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        CertificateRecord[] own = [.. rows.Values.Where(row => row.Expires >= from && row.Expires <= until)];
        HashSet<RowId> replaced = [.. rows.Keys];
        await foreach (CertificateLine line in Inner.ListByExpiryAsync(from, until, cancellation).WithCancellation(cancellation))
        {
            if (!replaced.Contains(new RowId(line.CommonName, line.SerialNumber)))
            {
                yield return line;
            }
        }

        foreach (CertificateRecord row in own)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return CertificateLine.Of(row);
        }
    }

    /// <inheritdoc/>
    public override Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation) =>
        InTurnAsync(() => JudgeAndAddAsync(addition, cancellation));

    private async Task<AddOutcome> JudgeAndAddAsync(CertificateAddition addition, CancellationToken cancellation)
    {
        CertificateRecord added = addition.Record;
        var found = new AdditionFacts(
            await FindAsync(added.CommonName, added.SerialNumber, cancellation),
            addition.Key is { } key ? await FindKeyAsync(key, cancellation) : null,
            TokenUsed: addition.Token is { } token && await RecallAsync(token.Token, token.At, cancellation) is not null,
            HappenedBefore: addition.OnceId is { } id && await HappenedAsync(id, cancellation),
            NameTaken: addition.OnlyIfNameIsNew && (await FindByNameAsync(added.CommonName, cancellation)).Count > 0);
        if (addition.Judge(found) is { } outcome)
        {
            return outcome;
        }

        Remember(addition);
        return AddOutcome.Added;
    }

    /// <inheritdoc/>
    public override async Task<RecalledIssue?> RecallAsync(string token, DateTimeOffset now, CancellationToken cancellation) =>
        tokens.TryGetValue(token, out RecalledIssue? issue) && issue.Claim.At >= IdempotencyClaim.CountsSince(now)
            ? issue
            : await Inner.RecallAsync(token, now, cancellation);

    /// <inheritdoc/>
    public override async Task<bool> HappenedAsync(string onceId, CancellationToken cancellation) =>
        once.ContainsKey(onceId) || await Inner.HappenedAsync(onceId, cancellation);

    /// <inheritdoc/>
    public override Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? notification, HistoryEntry? history, CancellationToken cancellation) =>
        InTurnAsync(() => MarkAsync(row, revocation, key, notification, history, cancellation));

    private async Task<RevokeOutcome> MarkAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? notification, HistoryEntry? history, CancellationToken cancellation)
    {
        if (await FindAsync(row.CommonName, row.SerialNumber, cancellation) is not { } record)
        {
            return RevokeOutcome.NotFound;
        }

        var mark = RevocationMark.Of(record, revocation);
        rows[row] = record with { Revoked = mark.Now };
        if (key is { } known)
        {
            keys[known.Hash] = KeyReservation.Remembering(await FindKeyAsync(known, cancellation), row, mark.Now.Reason);
        }

        if (mark.Outcome is RevokeOutcome.Revoked or RevokeOutcome.ReasonReplaced)
        {
            this.history.Add(history);
        }

        if (mark.StoresEvent && notification is not null)
        {
            events.Keep(notification, onceOnly: false);
        }

        return mark.Outcome;
    }

    /// <inheritdoc/>
    public override Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification notification, HistoryEntry? history, CancellationToken cancellation) => InTurnAsync(async () =>
    {
        if ((await FindAsync(row.CommonName, row.SerialNumber, cancellation))?.WithReminder(at, expectedCount) is not { } reminded)
        {
            return false;
        }

        rows[row] = reminded;
        this.history.Add(history);
        events.Keep(notification, onceOnly: false);
        return true;
    });

    /// <inheritdoc/>
    public override Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation) => InTurnAsync(async () =>
    {
        rows[ca] = (await FindAsync(ca.CommonName, ca.SerialNumber, cancellation))?.WithNextCrl(atLeast)
            ?? throw new InvalidOperationException($"There is no CA {ca}.");
        return rows[ca].CrlNumber!.Value;
    });

    /// <inheritdoc/>
    public override async Task<DateTimeOffset?> FindMarkAsync(string name, CancellationToken cancellation) =>
        marks.TryGetValue(name, out DateTimeOffset at) ? at : await Inner.FindMarkAsync(name, cancellation);

    /// <inheritdoc/>
    public override Task SetMarkAsync(string name, DateTimeOffset at, CancellationToken cancellation)
    {
        marks[name] = at;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task<bool> AddToOutboxAsync(Notification notification, bool onceOnly, CancellationToken cancellation) =>
        Task.FromResult(events.Keep(notification, onceOnly));

    /// <summary>Returns what the plan would tell of; what waits in the real ledger is not the plan's.</summary>
    public override Task<IReadOnlyList<Notification>> ReadOutboxAsync(int limit, CancellationToken cancellation) =>
        Task.FromResult(events.Pending(limit));

    /// <inheritdoc/>
    public override Task RemoveFromOutboxAsync(string notificationId, CancellationToken cancellation)
    {
        events.Drop(notificationId);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task AddHistoryAsync(HistoryEntry entry, CancellationToken cancellation)
    {
        history.Add(entry);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<HistoryEntry>> FindHistoryAsync(HistoryQuery query, CancellationToken cancellation) =>
        [.. history.Find(query).Concat(await Inner.FindHistoryAsync(query, cancellation)).OrderByDescending(entry => entry.At).Take(query.Limit)];

    /// <summary>Drops a write that a plan has no use for, such as one that only records what was asked: nothing reaches the
    /// real ledger.</summary>
    protected override Task<T> WriteAsync<T>(Func<Task<T>> write, [CallerMemberName] string method = "") => Task.FromResult(default(T)!);

    // A write that is judged by what is there must not meet another one on its way.
    private Task<T> InTurnAsync<T>(Func<Task<T>> write)
    {
        lock (gate)
        {
            Task<T> mine = AfterAsync(lastWrite, write);
            lastWrite = mine;
            return mine;
        }
    }

    private static async Task<T> AfterAsync<T>(Task before, Func<Task<T>> write)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await write();
    }

    private void Remember(CertificateAddition addition)
    {
        var row = RowId.Of(addition.Record);
        rows[row] = addition.Record;
        history.Add(addition.History);
        if (addition.Key is { } key)
        {
            keys[key.Hash] = KeyReservation.HeldBy(row);
        }

        if (addition.OnceId is { } id)
        {
            once[id] = true;
        }

        if (addition.Token is { } token)
        {
            tokens[token.Token] = new RecalledIssue(token with { At = TableTime.WholeSeconds(token.At) }, row.CommonName, row.SerialNumber);
        }

        if (addition.Event is { } notification)
        {
            events.Keep(notification, onceOnly: false);
        }
    }

    private IReadOnlyList<CertificateRecord> Over(IEnumerable<CertificateRecord> stored, Func<CertificateRecord, bool> isWanted) =>
        [.. stored.Where(row => !rows.ContainsKey(RowId.Of(row))), .. rows.Values.Where(isWanted)];

    private async IAsyncEnumerable<CertificateRecord> OverAsync(
        IAsyncEnumerable<CertificateRecord> stored, Func<CertificateRecord, bool> isWanted, [EnumeratorCancellation] CancellationToken cancellation)
    {
        CertificateRecord[] own = [.. rows.Values.Where(isWanted)];
        HashSet<RowId> replaced = [.. rows.Keys];
        await foreach (CertificateRecord row in stored.WithCancellation(cancellation))
        {
            if (!replaced.Contains(RowId.Of(row)))
            {
                yield return row;
            }
        }

        foreach (CertificateRecord row in own)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return row;
        }
    }
}

/// <summary>Keeps the events that a plan would tell of, in order.</summary>
internal sealed class PlannedEvents
{
    private readonly Lock gate = new();
    private readonly List<Notification> pending = [];
    private readonly HashSet<string> known = [];
    private readonly HashSet<string> forGood = [];

    /// <summary>Keeps one, unless one of its id is kept, or was told for good.</summary>
    public bool Keep(Notification notification, bool onceOnly)
    {
        lock (gate)
        {
            bool isNews = !forGood.Contains(notification.Id) && known.Add(notification.Id);
            if (onceOnly)
            {
                forGood.Add(notification.Id);
            }

            if (isNews)
            {
                pending.Add(notification);
            }

            return isNews;
        }
    }

    /// <summary>Returns the oldest.</summary>
    public IReadOnlyList<Notification> Pending(int limit)
    {
        lock (gate)
        {
            return [.. pending.Take(limit)];
        }
    }

    /// <summary>Forgets one.</summary>
    public void Drop(string id)
    {
        lock (gate)
        {
            known.Remove(id);
            pending.RemoveAll(kept => kept.Id == id);
        }
    }
}

/// <summary>Stores the history of what a plan would do, in order. Safe for concurrent use.</summary>
internal sealed class PlannedHistory
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, HistoryEntry> entries = [];

    /// <summary>Adds an entry, unless there is one of its id; entries whose time is over are removed.</summary>
    public void Add(HistoryEntry? entry)
    {
        if (entry is null)
        {
            return;
        }

        lock (gate)
        {
            foreach (HistoryEntry old in entries.Values.Where(old => old.KeptUntil <= entry.At).ToList())
            {
                entries.Remove(old.Id);
            }

            entries.TryAdd(entry.Id, entry);
        }
    }

    /// <summary>Returns the wanted entries, the newest first.</summary>
    public IReadOnlyList<HistoryEntry> Find(HistoryQuery query)
    {
        lock (gate)
        {
            return [.. entries.Values.Where(query.Takes).Reverse().OrderByDescending(entry => entry.At).Take(query.Limit)];
        }
    }
}
