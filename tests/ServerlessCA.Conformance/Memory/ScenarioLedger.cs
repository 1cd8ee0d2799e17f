using System.Diagnostics.CodeAnalysis;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Memory;

/// <summary>A ledger in memory whose rows a scenario can edit, as an operator can edit the table. Not for concurrent use.</summary>
internal sealed class ScenarioLedger : ICertificateLedger
{
    private readonly Dictionary<RowId, CertificateRecord> rows = [];
    private readonly Dictionary<KeyHash, RowId> keys = [];
    private readonly Dictionary<string, RecalledIssue> tokens = [];
    private readonly HashSet<string> onceIds = [];
    private readonly List<Notification> pending = [];
    private readonly Dictionary<string, DateTimeOffset> marks = [];

    /// <summary>Puts a row in place, whatever was there.</summary>
    public void Put(CertificateRecord row) => rows[new RowId(row.CommonName, row.SerialNumber)] = row;

    /// <summary>Removes a row. What belongs to it, such as the reservation of its key, stays.</summary>
    public bool Remove(RowId id, [NotNullWhen(true)] out CertificateRecord? row) => rows.Remove(id, out row);

    public Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<CertificateRecord>>([.. rows.Values.Where(row => row.CommonName == commonName)]);

    public Task<CertificateRecord?> FindAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation) =>
        Task.FromResult(rows.GetValueOrDefault(new RowId(commonName, serialNumber)));

    public Task<RowId?> FindKeyAsync(KeyHash key, CancellationToken cancellation) =>
        Task.FromResult<RowId?>(keys.TryGetValue(key, out RowId row) ? row : null);

    public async IAsyncEnumerable<RowId> ListReservedAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (RowId row in keys.Values.ToArray())
        {
            yield return await Task.FromResult(row);
        }
    }

    public IAsyncEnumerable<CertificateRecord> ListAsync(CancellationToken cancellation) => Stream(_ => true);

    public IAsyncEnumerable<CertificateRecord> ListRevokedAsync(CancellationToken cancellation) => Stream(row => row.Revoked is not null);

    public IAsyncEnumerable<CertificateRecord> ListExpiringAsync(DateOnly first, DateOnly last, CancellationToken cancellation) =>
        Stream(row => row.NotifyExpiry == true && !row.IsCa
            && DateOnly.FromDateTime(row.Expires.UtcDateTime) >= first && DateOnly.FromDateTime(row.Expires.UtcDateTime) <= last);

    public Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation)
    {
        CertificateRecord row = addition.Record;
        RowId id = new(row.CommonName, row.SerialNumber);
        AddOutcome outcome = Obstacle(addition, id);
        if (outcome != AddOutcome.Added)
        {
            return Task.FromResult(outcome);
        }

        Put(row);
        if (addition.Key is { } key)
        {
            keys[key] = id;
        }

        if (addition.Token is { } claim)
        {
            tokens[claim.Token] = new RecalledIssue(claim, row.CommonName, row.SerialNumber);
        }

        onceIds.UnionWith(addition.OnceId is { } once ? [once] : []);
        pending.AddRange(addition.Event is { } told ? [told] : []);
        return Task.FromResult(AddOutcome.Added);
    }

    public Task<bool> HappenedAsync(string onceId, CancellationToken cancellation) => Task.FromResult(onceIds.Contains(onceId));

    public Task<DateTimeOffset?> FindMarkAsync(string name, CancellationToken cancellation) =>
        Task.FromResult<DateTimeOffset?>(marks.TryGetValue(name, out DateTimeOffset at) ? at : null);

    public Task SetMarkAsync(string name, DateTimeOffset at, CancellationToken cancellation)
    {
        marks[name] = at;
        return Task.CompletedTask;
    }

    public async Task<RecalledIssue?> RecallAsync(string token, DateTimeOffset now, CancellationToken cancellation) =>
        await Task.FromResult(tokens.TryGetValue(token, out RecalledIssue? issue) && now - issue.Claim.At < TimeSpan.FromHours(24) ? issue : null);

    public Task<RevokeOutcome> RevokeAsync(
        string commonName, SerialNumber serialNumber, CertificateRevocation revocation, Notification? toTell, CancellationToken cancellation)
    {
        if (!rows.TryGetValue(new RowId(commonName, serialNumber), out CertificateRecord? row))
        {
            return Task.FromResult(RevokeOutcome.NotFound);
        }

        if (row.Revoked is not null)
        {
            return Task.FromResult(RevokeOutcome.RevokedBefore);
        }

        Put(row with { Revoked = revocation });
        pending.AddRange(toTell is null ? [] : [toTell]);
        return Task.FromResult(RevokeOutcome.Revoked);
    }

    public Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification toTell, CancellationToken cancellation)
    {
        bool asRead = rows.TryGetValue(row, out CertificateRecord? found) && found.ExpiryReminders.Count == expectedCount;
        if (asRead)
        {
            Put(found! with { ExpiryReminders = [.. found!.ExpiryReminders, at] });
            pending.Add(toTell);
        }

        return Task.FromResult(asRead);
    }

    public Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation)
    {
        CertificateRecord row = rows.GetValueOrDefault(ca)
            ?? throw new InvalidOperationException($"'{ca.CommonName}' has no row of serial {ca.SerialNumber}");
        long number = Math.Max((row.CrlNumber ?? 0) + 1, atLeast);
        Put(row with { CrlNumber = number });
        return Task.FromResult(number);
    }

    public Task<bool> KeepEventAsync(Notification notification, bool onceOnly, CancellationToken cancellation)
    {
        bool isNew = !onceIds.Contains(notification.Id) && !pending.Exists(kept => kept.Id == notification.Id);
        if (isNew)
        {
            pending.Add(notification);
            onceIds.UnionWith(onceOnly ? [notification.Id] : []);
        }

        return Task.FromResult(isNew);
    }

    public Task<IReadOnlyList<Notification>> PendingEventsAsync(int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Notification>>([.. pending.Take(limit)]);

    public Task DropEventAsync(string notificationId, CancellationToken cancellation)
    {
        pending.RemoveAll(kept => kept.Id == notificationId);
        return Task.CompletedTask;
    }

    private AddOutcome Obstacle(CertificateAddition addition, RowId id)
    {
        if (addition.OnlyIfNameIsNew && rows.Keys.Any(row => row.CommonName == id.CommonName))
        {
            return AddOutcome.NameTaken;
        }

        if (rows.ContainsKey(id))
        {
            return AddOutcome.SerialTaken;
        }

        if (addition.Key is { } key && keys.ContainsKey(key) && !addition.AllowUsedKey)
        {
            return AddOutcome.KeyUsed;
        }

        if (addition.OnceId is { } once && onceIds.Contains(once))
        {
            return AddOutcome.OnceOnly;
        }

        bool tokenUsed = addition.Token is { } claim && tokens.TryGetValue(claim.Token, out RecalledIssue? issue)
            && claim.At - issue.Claim.At < TimeSpan.FromHours(24);
        return tokenUsed ? AddOutcome.TokenUsed : AddOutcome.Added;
    }

    private async IAsyncEnumerable<CertificateRecord> Stream(Predicate<CertificateRecord> wanted)
    {
        foreach (CertificateRecord row in rows.Values.Where(row => wanted(row)).ToArray())
        {
            yield return await Task.FromResult(row);
        }
    }
}
