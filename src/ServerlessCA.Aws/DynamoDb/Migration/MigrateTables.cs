using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Migration;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.DynamoDb.Migration;

/// <summary>Adds to the rows of the original what ours have: the reservation of each certificate's key, which records whether
/// that certificate is revoked, <c>PublicKeyHash</c>, <c>IssuerKeyId</c>, and a place in the indexes of reminders, where rows of
/// earlier versions are spread over its shards, and of expiries, which is marked when it has every row. Revoked rows are in their index by themselves. Every write is conditional, so
/// that certificates can be issued, revoked and reminded of meanwhile. A run does nothing twice: repeat it if it was stopped,
/// or if the original still wrote meanwhile.</summary>
public sealed class MigrateTables
{
    private const int RowsAtOnce = 100; // keys of one BatchGetItem
    private const int WritesAtOnce = 16; // our decision: some hundred rows a second, little beside the live traffic

    private readonly LedgerCalls calls;
    private readonly Rows rows;
    private readonly IndexItems index;
    private readonly KeyItems keys;
    private readonly TimeProvider clock;
    private readonly RowReader reader;

    /// <summary>Makes a migration of two tables. Nothing is called yet.</summary>
    /// <param name="client">The client, which retries throttled and failed requests by itself.</param>
    /// <param name="tables">The names of the two tables.</param>
    /// <param name="clock">The clock, for the time of the mark.</param>
    public MigrateTables(IAmazonDynamoDB client, LedgerTables tables, TimeProvider clock)
    {
        this.clock = clock;
        calls = new LedgerCalls(client, tables);
        rows = new Rows(calls);
        index = new IndexItems(calls);
        keys = new KeyItems(calls, index);
        reader = new RowReader(tables.Certificates);
    }

    /// <summary>Checks tables and indexes, and if they are right migrates every row.</summary>
    /// <param name="apply">False: it only counts (dry run).</param>
    /// <param name="observer">Is informed of the progress; null for nobody.</param>
    /// <param name="cancellation">Stops between two rows.</param>
    /// <exception cref="LedgerUnavailableException">Some rows may be migrated: run it again.</exception>
    public async Task<MigrationReport> RunAsync(bool apply, IMigrationObserver? observer, CancellationToken cancellation)
    {
        var tally = new MigrationTally(apply);
        IReadOnlyList<string> faults = await new TableCheck(calls).RunAsync(cancellation);
        if (faults.Count > 0)
        {
            return tally.Report with { TableFaults = faults };
        }

        var scan = new ScanRequest { TableName = calls.Tables.Certificates, ConsistentRead = true };
        await foreach (Dictionary<string, AttributeValue>[] items in calls.ScanAsync(scan, cancellation).Chunk(RowsAtOnce).WithCancellation(cancellation))
        {
            await MigrateAsync(items, tally, cancellation);
            observer?.Advanced(tally.Report);
        }

        return tally.Report with { ListsExpiries = await MarkExpiriesAsync(tally, cancellation) };
    }

    // Says whether lists by expiry have every row. A row that cannot be read at all has no known expiry: lists go on reading the
    // whole table, which reports it.
    private async Task<bool> MarkExpiriesAsync(MigrationTally tally, CancellationToken cancellation)
    {
        bool isMarked = await index.FindMarkAsync(IndexItems.AllExpiries, cancellation) is not null;
        if (!isMarked && tally.Apply && tally.HasAllExpiries)
        {
            await index.SetMarkAsync(IndexItems.AllExpiries, clock.GetUtcNow(), cancellation);
            isMarked = true;
        }

        return isMarked;
    }

    private async Task MigrateAsync(Dictionary<string, AttributeValue>[] items, MigrationTally tally, CancellationToken cancellation)
    {
        List<(Dictionary<string, AttributeValue> Item, CertificateRecord Filled, bool IsSound, ReservedKey? Key)> readable =
            [.. Read(items, tally).Select(row => (row.Item, row.Row, row.IsSound, row.IsSound ? ReservedKey.Of(row.Row) : null))];
        Dictionary<KeyHash, KeyReservation> reservations = await keys.FindManyAsync(
            readable.SelectMany(row => (IEnumerable<KeyHash?>)[row.Key?.Hash, row.Key?.Former]).OfType<KeyHash>().Distinct(), cancellation);
        var migration = new RowMigration(calls, rows, keys, tally);
        var options = new ParallelOptions { MaxDegreeOfParallelism = WritesAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(readable, options, async (row, token) =>
        {
            if (row.Key is { } key)
            {
                KeyReservation? former = key.Former is { } hash ? reservations.GetValueOrDefault(hash) : null;
                await migration.ReserveAsync(row.Filled, key, reservations.GetValueOrDefault(key.Hash), former, token);
            }

            await migration.FillAsync(row.Item, row.Filled, row.IsSound ? RowMigration.All : RowMigration.Expiry, token);
        });
    }

    // A row whose certificate cannot be read, or is another one, lacks more than can be filled; its expiry is known all the same.
    private IEnumerable<(Dictionary<string, AttributeValue> Item, CertificateRecord Row, bool IsSound)> Read(
        Dictionary<string, AttributeValue>[] items, MigrationTally tally)
    {
        foreach (Dictionary<string, AttributeValue> item in items)
        {
            tally.Read();
            CertificateRecord? read = null;
            CertificateRecord? filled = null;
            string? why;
            try
            {
                read = reader.Read(item);
                RowBackfill.TryFill(read, out filled, out why);
            }
            catch (LedgerUnavailableException changed)
            {
                why = changed.InnerException?.Message ?? changed.Message;
            }

            if (why is not null)
            {
                tally.Unreadable(new(item.Text(Attributes.CommonName) ?? "", item.Text(Attributes.SerialNumber) ?? "", why), knowsExpiry: read is not null);
            }

            if ((filled ?? read) is { } row)
            {
                yield return (item, row, filled is not null);
            }
        }
    }
}

/// <summary>Checks whether tables and indexes are as <see cref="TableDefinitions"/> defines them, and ready.</summary>
internal sealed class TableCheck(LedgerCalls calls)
{
    private const string Apply = "run 'terraform apply'";

    /// <returns>What is wrong and what to do, one text for each fault; empty when nothing is wrong.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellation)
    {
        CreateTableRequest[] wanted = [TableDefinitions.Certificates(calls.Tables), TableDefinitions.Index(calls.Tables)];
        var faults = new List<string>();
        foreach (CreateTableRequest table in wanted)
        {
            faults.AddRange(Faults(table, await calls.DescribeAsync(table.TableName, cancellation)));
        }

        if (faults.Count == 0 && await calls.TimeToLiveAsync(calls.Tables.Index, cancellation) != TableDefinitions.TimeToLiveAttribute)
        {
            faults.Add($"The table '{calls.Tables.Index}' never forgets old tokens, as time to live is off for '{TableDefinitions.TimeToLiveAttribute}': {Apply}.");
        }

        return faults;
    }

    private static IEnumerable<string> Faults(CreateTableRequest wanted, TableDescription? found)
    {
        string table = $"The table '{wanted.TableName}'";
        if (found is null)
        {
            return [$"{table} does not exist: {Apply}, and check region and account."];
        }

        return Text(found.KeySchema) != Text(wanted.KeySchema)
            ? [$"{table} has the key {Text(found.KeySchema)} instead of {Text(wanted.KeySchema)}: it is another table."]
            : wanted.GlobalSecondaryIndexes
                .Select(index => (index.IndexName, Why: Why(index, found.GlobalSecondaryIndexes?.Find(other => other.IndexName == index.IndexName))))
                .Where(index => index.Why is not null)
                .Select(index => $"{table}, index '{index.IndexName}': {index.Why}");
    }

    private static string? Why(GlobalSecondaryIndex wanted, GlobalSecondaryIndexDescription? found) =>
        found is null ? $"is missing: {Apply}."
        : Text(found.KeySchema) != Text(wanted.KeySchema) ? $"has the key {Text(found.KeySchema)} instead of {Text(wanted.KeySchema)}: {Apply}."
        : Lacks(wanted.Projection, found.Projection) ? $"lacks attributes: {Apply}."
        : found.IndexStatus != IndexStatus.ACTIVE ? $"is {found.IndexStatus}: wait until it is ACTIVE."
        : null;

    private static bool Lacks(Projection wanted, Projection found) => found.ProjectionType != ProjectionType.ALL
        && (found.ProjectionType != wanted.ProjectionType || (wanted.NonKeyAttributes ?? []).Except(found.NonKeyAttributes ?? []).Any());

    private static string Text(IEnumerable<KeySchemaElement> key) => string.Join('/', key.Select(part => part.AttributeName));
}
