using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Migration;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.DynamoDb.Migration;

/// <summary>Adds to the rows of the original what ours have: the reservation of each certificate's key, which records whether
/// that certificate is revoked, <c>PublicKeyHash</c>, <c>IssuerKeyId</c>, and a place in the index of reminders, where rows of
/// earlier versions are spread over its shards. Revoked rows are in their index by themselves. Every write is conditional, so
/// that certificates can be issued, revoked and reminded of meanwhile. A run does nothing twice: repeat it if it was stopped,
/// or if the original still wrote meanwhile.</summary>
public sealed class MigrateTables
{
    private const int RowsAtOnce = 100; // keys of one BatchGetItem
    private const int WritesAtOnce = 16; // our decision: some hundred rows a second, little beside the live traffic

    private readonly LedgerCalls calls;
    private readonly Rows rows;
    private readonly KeyItems keys;
    private readonly RowReader reader;

    /// <summary>Makes a migration of two tables. Nothing is called yet.</summary>
    /// <param name="client">The client, which retries throttled and failed requests by itself.</param>
    /// <param name="tables">The names of the two tables.</param>
    public MigrateTables(IAmazonDynamoDB client, LedgerTables tables)
    {
        calls = new LedgerCalls(client, tables);
        rows = new Rows(calls);
        keys = new KeyItems(calls, new IndexItems(calls));
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

        return tally.Report;
    }

    private async Task MigrateAsync(Dictionary<string, AttributeValue>[] items, MigrationTally tally, CancellationToken cancellation)
    {
        List<(Dictionary<string, AttributeValue> Item, CertificateRecord Filled, ReservedKey? Key)> readable =
            [.. Read(items, tally).Select(row => (row.Item, row.Filled, ReservedKey.Of(row.Filled)))];
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

            await migration.FillAsync(row.Item, row.Filled, token);
        });
    }

    private IEnumerable<(Dictionary<string, AttributeValue> Item, CertificateRecord Filled)> Read(
        Dictionary<string, AttributeValue>[] items, MigrationTally tally)
    {
        foreach (Dictionary<string, AttributeValue> item in items)
        {
            tally.Read();
            (CertificateRecord? filled, string? why) = Fill(item);
            if (filled is not null)
            {
                yield return (item, filled);
            }
            else
            {
                tally.Unreadable(new(item.Text(Attributes.CommonName) ?? "", item.Text(Attributes.SerialNumber) ?? "", why ?? ""));
            }
        }
    }

    private (CertificateRecord? Filled, string? Why) Fill(Dictionary<string, AttributeValue> item)
    {
        try
        {
            return RowBackfill.TryFill(reader.Read(item), out CertificateRecord? filled, out string? why) ? (filled, null) : (null, why);
        }
        catch (LedgerUnavailableException changed)
        {
            return (null, changed.InnerException?.Message ?? changed.Message);
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
        : found.Projection.ProjectionType != wanted.Projection.ProjectionType
            && found.Projection.ProjectionType != ProjectionType.ALL ? $"lacks attributes: {Apply}."
        : found.IndexStatus != IndexStatus.ACTIVE ? $"is {found.IndexStatus}: wait until it is ACTIVE."
        : null;

    private static string Text(IEnumerable<KeySchemaElement> key) => string.Join('/', key.Select(part => part.AttributeName));
}
