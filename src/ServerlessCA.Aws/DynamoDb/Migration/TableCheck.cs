using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace ServerlessCA.Aws.DynamoDb.Migration;

/// <summary>Whether tables and indexes are as <see cref="TableDefinitions"/> has them, and ready.</summary>
internal sealed class TableCheck(LedgerCalls calls)
{
    private const string Apply = "run 'terraform apply'";

    /// <returns>What is wrong, each with what to do; empty when all is well.</returns>
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
