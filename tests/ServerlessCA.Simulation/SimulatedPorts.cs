using System.Runtime.CompilerServices;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Simulation;

/// <summary>Is the ledger as one client of a schedule sees it. What a ledger lists in no order comes in any order; what it may
/// show a moment late is sometimes late.</summary>
/// <param name="world">The world of the schedule.</param>
/// <param name="chaos">Decides what happens to the client's calls.</param>
/// <param name="inner">The store.</param>
/// <param name="ofCalls">Whether each call is done at once and meets faults; otherwise the requests of which it consists
/// do.</param>
internal sealed class SimulatedLedger(World world, Chaos chaos, ICertificateLedger inner, bool ofCalls) : ForwardingLedger(inner)
{
    public override IAsyncEnumerable<CertificateRecord> ListRevokedAsync(CancellationToken cancellation) =>
        Late(base.ListRevokedAsync(cancellation), rows => rows.Where(row => row.Revoked is not null));

    public override IAsyncEnumerable<CertificateRecord> ListExpiringAsync(DateOnly first, DateOnly last, CancellationToken cancellation) =>
        Late(base.ListExpiringAsync(first, last, cancellation), rows => rows.Where(row => row.IsToRemind && row.ExpiresWithin(first, last)));

    public override async Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialNumber serialNumber, CancellationToken cancellation)
    {
        IReadOnlyList<CertificateRecord> rows = await base.FindBySerialAsync(serialNumber, cancellation);
        return world.Earlier() is { } earlier ? [.. earlier.Where(row => row.SerialNumber == serialNumber)] : rows;
    }

    public override async Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
        world.Shuffled(await base.FindByNameAsync(commonName, cancellation));

    public override async Task<IReadOnlyList<Notification>> ReadOutboxAsync(int limit, CancellationToken cancellation) =>
        world.SomeMissing(await base.ReadOutboxAsync(limit, cancellation));

    public override Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation) =>
        Write(async () => world.Watch.Added(addition.Event, await Inner.AddAsync(addition, cancellation)));

    public override Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? notification, HistoryEntry? history, CancellationToken cancellation) => Write(
            async () => world.Watch.Revoked(notification, await Inner.RevokeAsync(row, revocation, key, notification, history, cancellation)));

    public override Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification notification, HistoryEntry? history, CancellationToken cancellation) => Write(
            async () => world.Watch.Stored(notification, await Inner.AddReminderAsync(row, at, expectedCount, notification, history, cancellation)));

    public override Task<bool> AddToOutboxAsync(Notification notification, bool onceOnly, CancellationToken cancellation) => Write(
        async () => world.Watch.Stored(notification, await Inner.AddToOutboxAsync(notification, onceOnly, cancellation)));

    protected override Task<T> ReadAsync<T>(Func<Task<T>> read, [CallerMemberName] string method = "") =>
        ofCalls ? chaos.CallAsync(method, writes: false, read, Failure) : read();

    protected override Task<T> WriteAsync<T>(Func<Task<T>> write, [CallerMemberName] string method = "") => Write(write, method);

    protected override async IAsyncEnumerable<T> ReadAll<T>(IAsyncEnumerable<T> rows, [CallerMemberName] string method = "")
    {
        Task<List<T>> Read() => rows.ToListAsync().AsTask();
        List<T> all = await (ofCalls ? chaos.CallAsync(method, writes: false, Read, Failure) : Read());
        foreach (T row in world.Shuffled(all))
        {
            yield return row;
        }
    }

    private Task<T> Write<T>(Func<Task<T>> write, [CallerMemberName] string method = "") =>
        ofCalls ? chaos.CallAsync(method, writes: true, write, Failure) : write();

    private async IAsyncEnumerable<CertificateRecord> Late(
        IAsyncEnumerable<CertificateRecord> now, Func<IEnumerable<CertificateRecord>, IEnumerable<CertificateRecord>> index)
    {
        List<CertificateRecord> rows = await now.ToListAsync();
        foreach (CertificateRecord row in world.Earlier() is { } earlier ? world.Shuffled([.. index(earlier)]) : rows)
        {
            yield return row;
        }
    }

    private static LedgerUnavailableException Failure(string message, bool nothingStored) => new(message, null, nothingStored);
}

/// <summary>Is the key service as one client sees it.</summary>
internal sealed class SimulatedKeys(ICaKeys inner, Chaos chaos) : ICaKeys
{
    public async Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation) =>
        await chaos.CallAsync("FindKey", writes: false, () => inner.FindAsync(caName, cancellation), Failure) is { } key ? new Key(key, chaos) : null;

    private static CaKeyUnavailableException Failure(string message, bool nothingDone) => new(message);

    private sealed class Key(ICaKey inner, Chaos chaos) : ICaKey
    {
        public KeySpec Spec => inner.Spec;

        public ReadOnlyMemory<byte> SubjectPublicKeyInfo => inner.SubjectPublicKeyInfo;

        public Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation) =>
            chaos.CallAsync("Sign", writes: false, () => inner.SignAsync(content, cancellation), Failure);
    }
}

/// <summary>Is a store of published files as one client sees it.</summary>
internal sealed class SimulatedFiles(World world, IPublishedFiles inner, Chaos chaos) : IPublishedFiles
{
    public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) =>
        chaos.CallAsync($"Read {key}", writes: false, () => inner.ReadAsync(key, cancellation), Failure);

    public Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation) => chaos.CallAsync(
        $"Publish {file.Key}", writes: true, async () => world.Watch.Published(file, await inner.PublishAsync(file, expected, cancellation)), Failure);

    private static FilesUnavailableException Failure(string message, bool nothingDone) => new(message);
}

/// <summary>Is the store of the operator's files as one client sees it.</summary>
internal sealed class SimulatedInternalFiles(IInternalFiles inner, Chaos chaos) : IInternalFiles
{
    public string Location => inner.Location;

    public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => chaos.CallAsync(
        $"Read {key}", writes: false, () => inner.ReadAsync(key, cancellation), (message, _) => new FilesUnavailableException(message));
}

/// <summary>Is the notifier as one client sees it.</summary>
internal sealed class SimulatedNotifier(World world, Chaos chaos) : INotifier
{
    public Task DeliverAsync(Notification notification, CancellationToken cancellation) => chaos.CallAsync(
        "Deliver", writes: true, () => Task.FromResult(world.Watch.Delivered(notification)), (message, _) => new NotDeliveredException(message));
}
