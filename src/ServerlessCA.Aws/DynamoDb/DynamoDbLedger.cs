using Amazon.DynamoDBv2;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>The ledger in DynamoDB, which uses the original's table with its rows as they are (contract section 2) and an index
/// table beside it. What belongs together is written in one transaction; reads by name, key, token and mark are strongly
/// consistent.
/// <para>All other reads use secondary indexes, which cost only what is found and follow the table within about a second:
/// <see cref="FindBySerialAsync"/> may miss a row that was added a moment ago; <see cref="ListRevokedAsync"/>,
/// <see cref="ListExpiringAsync"/> and <see cref="ListByExpiryAsync"/> may miss a row that was written a moment ago, or return it as it was before;
/// <see cref="ReadOutboxAsync"/> may miss an event that was stored a moment ago, which the next read returns, but never returns
/// one that was removed.</para>
/// <para>Rows of the original have no reservation and are neither in the index of reminders nor in that of expiries until the
/// migration has added them. Revoked ones are listed without it.</para></summary>
public sealed partial class DynamoDbLedger : ICertificateLedger
{
    private readonly LedgerCalls calls;
    private readonly TimeProvider clock;
    private readonly WriteMarks marks;
    private readonly Rows rows;
    private readonly IndexItems index;
    private readonly KeyItems keys;
    private readonly HistoryItems history;

    /// <summary>Makes a ledger on two tables. Nothing is called yet.</summary>
    /// <param name="client">The client, which retries throttled and failed requests by itself.</param>
    /// <param name="tables">The tables, as <see cref="TableDefinitions"/> or Terraform create them.</param>
    /// <param name="clock">The clock, by which events are ordered.</param>
    /// <param name="random">Draws the number that distinguishes this ledger's writes from others'; by default the system's
    /// source.</param>
    public DynamoDbLedger(IAmazonDynamoDB client, LedgerTables tables, TimeProvider clock, ISerialSource? random = null)
    {
        calls = new LedgerCalls(client, tables);
        this.clock = clock;
        marks = new WriteMarks(random ?? new RandomSerialSource(), clock);
        rows = new Rows(calls);
        index = new IndexItems(calls);
        keys = new KeyItems(calls, index);
        history = new HistoryItems(calls, clock);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
        rows.FindByNameAsync(commonName, cancellation);

    /// <inheritdoc/>
    public Task<CertificateRecord?> FindAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation) =>
        rows.FindAsync(new RowId(commonName, serialNumber), cancellation);

    /// <summary><inheritdoc/> The rows it finds are as they are now.</summary>
    public Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialNumber serialNumber, CancellationToken cancellation) =>
        rows.FindBySerialAsync(serialNumber, cancellation);

    /// <inheritdoc/>
    public Task<KeyReservation?> FindKeyAsync(ReservedKey key, CancellationToken cancellation) => keys.FindAsync(key, cancellation);

    /// <summary><inheritdoc/> Reads the whole index table.</summary>
    public IAsyncEnumerable<RowId> ListReservedAsync(CancellationToken cancellation) => keys.ListAsync(cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<CertificateRecord> ListAsync(CancellationToken cancellation) => rows.ListAsync(cancellation);

    /// <summary><inheritdoc/> A row that was revoked a moment ago may be missing: the caller that revoked it has to add
    /// it.</summary>
    public IAsyncEnumerable<CertificateRecord> ListRevokedAsync(CancellationToken cancellation) => rows.ListRevokedAsync(cancellation);

    /// <summary><inheritdoc/> A row that was added a moment ago may be missing, and one that was reminded of a moment ago may
    /// be as it was before: <see cref="AddReminderAsync"/> then returns false.</summary>
    public IAsyncEnumerable<CertificateRecord> ListExpiringAsync(DateOnly first, DateOnly last, CancellationToken cancellation) =>
        rows.ListExpiringAsync(first, last, cancellation);

    /// <summary><inheritdoc/> A row that was added a moment ago may be missing, and one that was revoked a moment ago may be as
    /// it was before.</summary>
    public IAsyncEnumerable<CertificateLine> ListByExpiryAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) =>
        rows.ListByExpiryAsync(from, until, cancellation);

    /// <inheritdoc/>
    public async Task<bool> HasAllExpiriesAsync(CancellationToken cancellation) =>
        await index.FindMarkAsync(IndexItems.AllExpiries, cancellation) is not null;

    /// <inheritdoc/>
    public Task<RecalledIssue?> RecallAsync(string token, DateTimeOffset now, CancellationToken cancellation) =>
        index.RecallAsync(token, now, cancellation);

    /// <inheritdoc/>
    public Task<bool> HappenedAsync(string onceId, CancellationToken cancellation) => index.ExistsAsync(Keys.Once(onceId), cancellation);

    /// <inheritdoc/>
    public Task<DateTimeOffset?> FindMarkAsync(string name, CancellationToken cancellation) => index.FindMarkAsync(name, cancellation);

    /// <inheritdoc/>
    public Task SetMarkAsync(string name, DateTimeOffset at, CancellationToken cancellation) => index.SetMarkAsync(name, at, cancellation);

    /// <inheritdoc/>
    public Task AddHistoryAsync(HistoryEntry entry, CancellationToken cancellation) => history.AddAsync(entry, cancellation);

    /// <summary><inheritdoc/> The whole CA's is read day by day, back from today, until there is enough: eight queries a
    /// day.</summary>
    public Task<IReadOnlyList<HistoryEntry>> FindHistoryAsync(HistoryQuery query, CancellationToken cancellation) => history.FindAsync(query, cancellation);
}
