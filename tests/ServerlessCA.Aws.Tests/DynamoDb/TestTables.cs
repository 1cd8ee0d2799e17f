using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Emulators;

namespace ServerlessCA.Aws.Tests.DynamoDb;

/// <summary>Creates two tables of a test's own in the shared emulator.</summary>
internal sealed class TestTables(LedgerTables names, IAmazonDynamoDB client) : IDisposable
{
    private static int made;

    public LedgerTables Names { get; } = names;

    /// <summary>The client, which does not retry by default, so that tests see the fault.</summary>
    public IAmazonDynamoDB Client { get; } = client;

    /// <summary>Creates empty tables.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    /// <param name="proxy">The address to call instead of the emulator.</param>
    /// <param name="retries">The number of the SDK's retries.</param>
    public static async Task<TestTables> CreateAsync(CancellationToken cancellation, Uri? proxy = null, int retries = 0)
    {
        Uri address = await DynamoDbEmulator.AddressAsync();
        int number = Interlocked.Increment(ref made);
        var names = new LedgerTables($"ServerlessCATest{number}", $"ServerlessIndexTest{number}");
        using AmazonDynamoDBClient direct = ClientOf(address);
        await direct.CreateTableAsync(TableDefinitions.Certificates(names), cancellation);
        await direct.CreateTableAsync(TableDefinitions.Index(names), cancellation);
        await WaitUntilActiveAsync(direct, names, cancellation);
        await direct.UpdateTimeToLiveAsync(
            new UpdateTimeToLiveRequest
            {
                TableName = names.Index,
                TimeToLiveSpecification = new() { AttributeName = TableDefinitions.TimeToLiveAttribute, Enabled = true },
            },
            cancellation);
        return new TestTables(names, ClientOf(proxy ?? address, retries));
    }

    public static AmazonDynamoDBClient ClientOf(Uri address, int retries = 0, HttpClientFactory? http = null) => new(
        new BasicAWSCredentials("test", "test"),
        new AmazonDynamoDBConfig
        {
            ServiceURL = address.ToString(),
            AuthenticationRegion = "eu-west-1",
            MaxErrorRetry = retries,
            MaxStaleConnectionRetries = retries, // broken connections have retries of their own
            HttpClientFactory = http,
        });

    /// <summary>Makes another client of the same tables.</summary>
    public TestTables At(Uri address) => new(Names, ClientOf(address));

    /// <summary>Writes rows as the original would: without reservations and events.</summary>
    public async Task PutAsync(IEnumerable<Dictionary<string, AttributeValue>> rows, CancellationToken cancellation)
    {
        foreach (Dictionary<string, AttributeValue>[] batch in rows.Chunk(25)) // the largest BatchWriteItem
        {
            List<WriteRequest> puts = [.. batch.Select(row => new WriteRequest(new PutRequest(row)))];
            await Client.BatchWriteItemAsync(new Dictionary<string, List<WriteRequest>> { [Names.Certificates] = puts }, cancellation);
        }
    }

    /// <summary>Returns every attribute of every item of both tables, one on each line.</summary>
    public async Task<string> ContentAsync(CancellationToken cancellation)
    {
        var lines = new List<string>();
        foreach (string table in (string[])[Names.Certificates, Names.Index])
        {
            foreach (Dictionary<string, AttributeValue> item in (await Client.ScanAsync(new ScanRequest(table), cancellation)).Items ?? [])
            {
                string id = item.TryGetValue("Id", out AttributeValue? key) ? key.S : $"{item["SerialNumber"].S} \"{item["CommonName"].S}\"";
                lines.AddRange(item.Select(attribute => $"{id} {attribute.Key} {TextOf(attribute.Value)}"));
            }
        }

        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    public DynamoDbLedger Ledger() => new(Client, Names, TimeProvider.System);

    public void Dispose() => Client.Dispose();

    private static string TextOf(AttributeValue value) => value.S ?? value.N ?? value.BOOL?.ToString()
        ?? (value.B is { } bytes ? Convert.ToHexStringLower(bytes.ToArray()) : string.Join(' ', (value.L ?? []).Select(TextOf)));

    private static async Task WaitUntilActiveAsync(AmazonDynamoDBClient client, LedgerTables names, CancellationToken cancellation)
    {
        foreach (string name in (string[])[names.Certificates, names.Index])
        {
            while ((await client.DescribeTableAsync(name, cancellation)).Table is not { } table
                || table.TableStatus != TableStatus.ACTIVE || table.GlobalSecondaryIndexes.Exists(index => index.IndexStatus != IndexStatus.ACTIVE))
            {
                await Task.Delay(10, cancellation);
            }
        }
    }
}
