using System.Runtime.CompilerServices;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Pipeline;

/// <summary>The ledger of a CA that nobody has asked, or that does not exist yet: it has nothing and takes nothing. For plans.</summary>
public sealed class EmptyLedger : ICertificateLedger
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) => NoRows;

    /// <inheritdoc/>
    public Task<CertificateRecord?> FindAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation) =>
        Task.FromResult<CertificateRecord?>(null);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialNumber serialNumber, CancellationToken cancellation) => NoRows;

    /// <inheritdoc/>
    public Task<KeyReservation?> FindKeyAsync(ReservedKey key, CancellationToken cancellation) => Task.FromResult<KeyReservation?>(null);

    /// <inheritdoc/>
    public IAsyncEnumerable<RowId> ListReservedAsync(CancellationToken cancellation) => AsyncEnumerable.Empty<RowId>();

    /// <inheritdoc/>
    public IAsyncEnumerable<CertificateRecord> ListAsync(CancellationToken cancellation) => AsyncEnumerable.Empty<CertificateRecord>();

    /// <inheritdoc/>
    public IAsyncEnumerable<CertificateRecord> ListRevokedAsync(CancellationToken cancellation) => AsyncEnumerable.Empty<CertificateRecord>();

    /// <inheritdoc/>
    public IAsyncEnumerable<CertificateRecord> ListExpiringAsync(DateOnly first, DateOnly last, CancellationToken cancellation) =>
        AsyncEnumerable.Empty<CertificateRecord>();

    /// <inheritdoc/>
    public IAsyncEnumerable<CertificateLine> ListByExpiryAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) =>
        AsyncEnumerable.Empty<CertificateLine>();

    /// <inheritdoc/>
    public Task<bool> HasAllExpiriesAsync(CancellationToken cancellation) => Task.FromResult(true);

    /// <inheritdoc/>
    public Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation) => throw Refused();

    /// <inheritdoc/>
    public Task<RecalledIssue?> RecallAsync(string token, DateTimeOffset now, CancellationToken cancellation) => Task.FromResult<RecalledIssue?>(null);

    /// <inheritdoc/>
    public Task<bool> HappenedAsync(string onceId, CancellationToken cancellation) => Task.FromResult(false);

    /// <inheritdoc/>
    public Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? notification, HistoryEntry? history, CancellationToken cancellation) => throw Refused();

    /// <inheritdoc/>
    public Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification notification, HistoryEntry? history, CancellationToken cancellation) => throw Refused();

    /// <inheritdoc/>
    public Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation) => throw Refused();

    /// <inheritdoc/>
    public Task<DateTimeOffset?> FindMarkAsync(string name, CancellationToken cancellation) => Task.FromResult<DateTimeOffset?>(null);

    /// <inheritdoc/>
    public Task SetMarkAsync(string name, DateTimeOffset at, CancellationToken cancellation) => throw Refused();

    /// <inheritdoc/>
    public Task<bool> AddToOutboxAsync(Notification notification, bool onceOnly, CancellationToken cancellation) => throw Refused();

    /// <inheritdoc/>
    public Task<IReadOnlyList<Notification>> ReadOutboxAsync(int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Notification>>([]);

    /// <inheritdoc/>
    public Task RemoveFromOutboxAsync(string notificationId, CancellationToken cancellation) => throw Refused();

    /// <inheritdoc/>
    public Task AddHistoryAsync(HistoryEntry entry, CancellationToken cancellation) => throw Refused();

    /// <inheritdoc/>
    public Task<IReadOnlyList<HistoryEntry>> FindHistoryAsync(HistoryQuery query, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<HistoryEntry>>([]);

    private static Task<IReadOnlyList<CertificateRecord>> NoRows => Task.FromResult<IReadOnlyList<CertificateRecord>>([]);

    private static LedgerUnavailableException Refused([CallerMemberName] string method = "") =>
        new($"there is no ledger to write to ({method})", null, nothingWasStored: true);
}

/// <summary>The published files of a CA that has published nothing, or that nobody has asked. It takes none.</summary>
public sealed class EmptyPublishedFiles : IPublishedFiles
{
    /// <inheritdoc/>
    public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => Task.FromResult<StoredFile?>(null);

    /// <inheritdoc/>
    public Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation) =>
        throw new FilesUnavailableException($"there is no place to publish {file.Key} at");
}

/// <summary>Tells nobody, such as for a CA that does not exist.</summary>
public sealed class NoNotifier : INotifier
{
    /// <inheritdoc/>
    public Task DeliverAsync(Notification notification, CancellationToken cancellation) => Task.CompletedTask;
}
