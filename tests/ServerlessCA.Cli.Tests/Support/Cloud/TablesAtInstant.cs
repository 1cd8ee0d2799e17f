using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Aws.DynamoDb;

namespace ServerlessCA.Cli.Tests.Support.Cloud;

/// <summary>Holds the items of both tables as they were at one instant. It stands in for point-in-time recovery, which the emulator
/// does not have. Immutable.</summary>
/// <param name="Certificates">The items of the table of certificates.</param>
/// <param name="Index">The items of the index table.</param>
public sealed record TablesAtInstant(IReadOnlyList<Dictionary<string, AttributeValue>> Certificates, IReadOnlyList<Dictionary<string, AttributeValue>> Index)
{
    /// <summary>Copies both tables; nobody writes meanwhile.</summary>
    public static async Task<TablesAtInstant> CopyAsync(IAmazonDynamoDB dynamoDb, LedgerTables tables) =>
        new(await ScanAsync(dynamoDb, tables.Certificates), await ScanAsync(dynamoDb, tables.Index));

    /// <summary>Makes tables of these names with these items. As after a restore on AWS, time to live is off.</summary>
    public async Task RestoreAsync(IAmazonDynamoDB dynamoDb, LedgerTables into)
    {
        await RestoreAsync(dynamoDb, TableDefinitions.Certificates(into), Certificates);
        await RestoreAsync(dynamoDb, TableDefinitions.Index(into), Index);
    }

    /// <summary>Deletes both tables.</summary>
    public static async Task DeleteAsync(IAmazonDynamoDB dynamoDb, LedgerTables tables)
    {
        foreach (string table in (string[])[tables.Certificates, tables.Index])
        {
            await dynamoDb.DeleteTableAsync(table);
            while ((await dynamoDb.ListTablesAsync()).TableNames.Contains(table))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10));
            }
        }
    }

    private static async Task RestoreAsync(IAmazonDynamoDB dynamoDb, CreateTableRequest table, IEnumerable<Dictionary<string, AttributeValue>> items)
    {
        await dynamoDb.CreateTableAsync(table);
        while ((await dynamoDb.DescribeTableAsync(table.TableName)).Table.TableStatus != TableStatus.ACTIVE)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }

        foreach (Dictionary<string, AttributeValue> item in items)
        {
            await dynamoDb.PutItemAsync(table.TableName, item);
        }
    }

    private static async Task<IReadOnlyList<Dictionary<string, AttributeValue>>> ScanAsync(IAmazonDynamoDB dynamoDb, string table)
    {
        ScanResponse page = await dynamoDb.ScanAsync(new ScanRequest(table));
        Assert.True(page.LastEvaluatedKey is null or { Count: 0 }, "a copy of more than one page would not be whole");
        return page.Items;
    }
}
