using System.Globalization;
using System.Reflection;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators;

namespace ServerlessCA.Simulation.DynamoDb;

/// <summary>Holds two tables in the emulator of DynamoDB. The ledger on them is the real one; each of its requests is carried out
/// at once, and between requests every other client may go on.</summary>
internal sealed class DynamoDbStore : IRequestedLedger, IDisposable
{
    private static int made;

    private readonly int number;
    private readonly LedgerTables tables;
    private readonly AmazonDynamoDBClient client;
    private int ledgers;

    private DynamoDbStore(int number, LedgerTables tables, AmazonDynamoDBClient client)
    {
        this.number = number;
        this.tables = tables;
        this.client = client;
    }

    /// <summary>Makes empty tables.</summary>
    public static async Task<DynamoDbStore> CreateAsync()
    {
        int number = Interlocked.Increment(ref made);
        var tables = new LedgerTables(string.Create(CultureInfo.InvariantCulture, $"ServerlessCASimulated{number}"), string.Create(CultureInfo.InvariantCulture, $"ServerlessIndexSimulated{number}"));
        var client = new AmazonDynamoDBClient(new BasicAWSCredentials("test", "test"), new AmazonDynamoDBConfig
        {
            ServiceURL = (await DynamoDbEmulator.AddressAsync()).ToString(),
            AuthenticationRegion = "eu-west-1",
            MaxErrorRetry = 0,
        });
        await client.CreateTableAsync(TableDefinitions.Certificates(tables));
        await client.CreateTableAsync(TableDefinitions.Index(tables));
        foreach (string name in (string[])[tables.Certificates, tables.Index])
        {
            while ((await client.DescribeTableAsync(name)).Table is not { } table
                || table.TableStatus != TableStatus.ACTIVE || table.GlobalSecondaryIndexes.Exists(index => index.IndexStatus != IndexStatus.ACTIVE))
            {
                await Task.Yield();
            }
        }

        return new DynamoDbStore(number, tables, client);
    }

    /// <inheritdoc/>
    public ICertificateLedger Open(Chaos? chaos, TimeProvider clock)
    {
        IAmazonDynamoDB requests = client;
        if (chaos is not null)
        {
            requests = DispatchProxy.Create<IAmazonDynamoDB, FaultyRequests>();
            ((FaultyRequests)requests).Set(client, chaos);
        }

        ledgers++;
        return new DynamoDbLedger(requests, tables, clock, new SequentialSerials(number * 1_000_000_000L + ledgers * 1_000_000L)); // the emulator has one memory for all
    }

    public void Dispose() => client.Dispose();
}

/// <summary>Sends the requests of one client. What the SDK would throw at throttling or a broken connection, after its own
/// retries, they throw where a fault meets them.</summary>
public class FaultyRequests : DispatchProxy
{
    private static readonly MethodInfo Sending = typeof(FaultyRequests).GetMethod(nameof(SendAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private IAmazonDynamoDB inner = null!;
    private Chaos chaos = null!;

    internal void Set(IAmazonDynamoDB client, Chaos decides) => (inner, chaos) = (client, decides);

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.ReturnType.IsGenericType
        ? Sending.MakeGenericMethod(targetMethod.ReturnType.GenericTypeArguments).Invoke(this, [targetMethod, args])
        : targetMethod.Invoke(inner, args);

    private Task<T> SendAsync<T>(MethodInfo method, object?[]? args)
    {
        string action = method.Name[..^"Async".Length];
        bool writes = action is "PutItem" or "UpdateItem" or "DeleteItem" or "TransactWriteItems";
        return chaos.CallAsync(action, writes, () => (Task<T>)method.Invoke(inner, args)!, Failure);
    }

    private static Exception Failure(string message, bool nothingDone) =>
        nothingDone ? new ProvisionedThroughputExceededException(message) : new HttpRequestException(message);
}
