using ServerlessCA.Core.History;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Ports;

/// <summary>Stores what the authority remembers. Calls may run concurrently, from several processes; a completed write is durable
/// and seen by every later read. Every method may throw <see cref="LedgerUnavailableException"/>.</summary>
public interface ICertificateLedger
{
    /// <summary>Finds all rows of a name, in no order, every page of them (contract 12.7). Names match exactly, case
    /// included.</summary>
    Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation);

    /// <summary>Finds one row; null when there is none.</summary>
    Task<CertificateRecord?> FindAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation);

    /// <summary>Finds the rows with a serial number, under any name; in no order. There may be several, as serial numbers are
    /// unique per issuing key only. It uses an index and reads no other rows; it may miss a row that was added a moment
    /// ago.</summary>
    Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialNumber serialNumber, CancellationToken cancellation);

    /// <summary>Finds the reservation of a key, or null: the one under its <see cref="ReservedKey.Hash"/>, and only if there is
    /// none, the one under its <see cref="ReservedKey.Former"/>. Rows of the original have none until migrated.</summary>
    Task<KeyReservation?> FindKeyAsync(ReservedKey key, CancellationToken cancellation);

    /// <summary>Lists the rows that key reservations stand for, for health checks; in no order, streamed. A row whose key is
    /// reserved under both its hashes comes twice.</summary>
    IAsyncEnumerable<RowId> ListReservedAsync(CancellationToken cancellation);

    /// <summary>Lists every row, for inventories; in no order, streamed.</summary>
    IAsyncEnumerable<CertificateRecord> ListAsync(CancellationToken cancellation);

    /// <summary>Lists the rows that are revoked, without reading the others; in no order, streamed. It may show a write a moment
    /// late, as <see cref="FindBySerialAsync"/>, <see cref="ListExpiringAsync"/>, <see cref="ListByExpiryAsync"/> and
    /// <see cref="ReadOutboxAsync"/> may, and no other method.</summary>
    IAsyncEnumerable<CertificateRecord> ListRevokedAsync(CancellationToken cancellation);

    /// <summary>Lists the end-entity rows with <c>NotifyExpiry</c> true whose <c>Expires</c> lies in a range of days (both
    /// included, UTC), without reading the others; in no order, streamed.</summary>
    IAsyncEnumerable<CertificateRecord> ListExpiringAsync(DateOnly first, DateOnly last, CancellationToken cancellation);

    /// <summary>Lists the rows of all kinds whose <c>Expires</c> lies in a range, both ends included, without their certificates
    /// and without reading other rows; in no order, streamed. It may show a write a moment late. It may miss rows unless
    /// <see cref="HasAllExpiriesAsync"/>.</summary>
    /// <param name="from">UTC; the earliest time: from the beginning.</param>
    /// <param name="until">UTC; the latest time: without an end.</param>
    /// <param name="cancellation">Stops waiting.</param>
    IAsyncEnumerable<CertificateLine> ListByExpiryAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation);

    /// <summary>Says whether <see cref="ListByExpiryAsync"/> finds every row. On DynamoDB rows of the original and of earlier
    /// versions are not in its index until all of them are migrated.</summary>
    Task<bool> HasAllExpiriesAsync(CancellationToken cancellation);

    /// <summary>Stores a certificate with all that belongs to it in one transaction. Of two concurrent additions with
    /// one key exactly one is stored. Repeating an addition whose first try failed is safe: it answers
    /// <see cref="AddOutcome.Added"/> if the first try had stored this very row.</summary>
    Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation);

    /// <summary>Finds what a token stands for; null when it is unknown or older than 24 hours at
    /// <paramref name="now"/>.</summary>
    Task<RecalledIssue?> RecallAsync(string token, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Says whether an addition with this <see cref="CertificateAddition.OnceId"/> was stored before.</summary>
    Task<bool> HappenedAsync(string onceId, CancellationToken cancellation);

    /// <summary>Marks a row as revoked, makes the reservation of its key remember that, and stores the event in the outbox, in
    /// one transaction. A row that is revoked already keeps its date, and no event is stored; a graver reason
    /// (<see cref="Revocation.RevocationReasons.IsGraver"/>) replaces the old one (contract 12.20). Safe to repeat.</summary>
    /// <param name="row">The row to mark.</param>
    /// <param name="revocation">Since when, and why.</param>
    /// <param name="key">The row's key. A missing reservation is made, with this row as the holder. Null where the certificate
    /// cannot be read: then nothing remembers.</param>
    /// <param name="notification">The event, or null.</param>
    /// <param name="history">What the history says if the row is changed, in the same transaction; null: nothing.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? notification, HistoryEntry? history, CancellationToken cancellation);

    /// <summary>Notes that a reminder is sent and stores the event in the outbox, in one transaction.</summary>
    /// <param name="row">The row that expires.</param>
    /// <param name="at">UTC, whole seconds.</param>
    /// <param name="expectedCount">How many reminders the row had when it was read.</param>
    /// <param name="notification">The reminder.</param>
    /// <param name="history">What the history says of it, in the same transaction; null: nothing.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>False when the row has another count by now: somebody else reminded; nothing was changed.</returns>
    Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification notification, HistoryEntry? history, CancellationToken cancellation);

    /// <summary>Counts a CA's CRL number up, atomically, to at least <paramref name="atLeast"/>; numbers never repeat and never
    /// fall.</summary>
    /// <exception cref="InvalidOperationException">There is no such CA row.</exception>
    Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation);

    /// <summary>Finds when something was last done for the whole deployment, such as an expiry run; null when never.</summary>
    Task<DateTimeOffset?> FindMarkAsync(string name, CancellationToken cancellation);

    /// <summary>Notes when something was done for the whole deployment; the last note counts.</summary>
    /// <param name="name">What was done.</param>
    /// <param name="at">UTC, whole seconds.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task SetMarkAsync(string name, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Stores an event in the outbox, unless an event of this id was stored before (contract 12.19: a refusal that
    /// repeats every night is announced once).</summary>
    /// <param name="notification">The event.</param>
    /// <param name="onceOnly">Whether the id is remembered for good, so that the event is delivered once.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>False when it was stored or delivered before.</returns>
    Task<bool> AddToOutboxAsync(Notification notification, bool onceOnly, CancellationToken cancellation);

    /// <summary>Reads events of the outbox, oldest first, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<Notification>> ReadOutboxAsync(int limit, CancellationToken cancellation);

    /// <summary>Removes a delivered event from the outbox. Unknown ids are no error.</summary>
    Task RemoveFromOutboxAsync(string notificationId, CancellationToken cancellation);

    /// <summary>Stores an entry of the history, unless there is one of this id that may not be forgotten yet
    /// (<see cref="HistoryEntry.KeptUntil"/>); for what belongs to no other write.</summary>
    Task AddHistoryAsync(HistoryEntry entry, CancellationToken cancellation);

    /// <summary>Finds entries of the history, the newest first, without reading those of other names, or of other days. Of one
    /// second, what was stored later comes first where the ledger knows the order; the revocation of a certificate always comes
    /// before its issue, and a second that exceeds the limit may be cut anywhere. It may miss what was stored a moment ago, and
    /// return what may be forgotten already.</summary>
    Task<IReadOnlyList<HistoryEntry>> FindHistoryAsync(HistoryQuery query, CancellationToken cancellation);
}

/// <summary>Identifies a row.</summary>
/// <param name="CommonName">The partition key.</param>
/// <param name="SerialNumber">The sort key.</param>
public readonly record struct RowId(string CommonName, SerialNumber SerialNumber)
{
    /// <summary>Returns the id of a record's row.</summary>
    public static RowId Of(CertificateRecord record) => new(record.CommonName, record.SerialNumber);
}

/// <summary>The ledger could not be read or written: locked, damaged, throttled, unreachable. A write may or
/// may not have been stored unless <see cref="NothingWasStored"/> says so. The message names the store and what to do.</summary>
public sealed class LedgerUnavailableException(string message, Exception? cause = null, bool nothingWasStored = false)
    : Exception(message, cause)
{
    /// <summary>Says whether the failed call certainly changed nothing.</summary>
    public bool NothingWasStored { get; } = nothingWasStored;

    /// <summary>Says whether a read needs an index that is missing, is still being built or may not be used, such as in a table
    /// that was restored without indexes: everything else works, and trying again at once changes nothing.</summary>
    public bool IsIndexMissing { get; init; }
}
