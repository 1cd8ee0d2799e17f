using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Retries;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>Calls DynamoDB as the ledger needs it: it reads strongly consistently and page after page, retries conflicts, and
/// throws the port's exceptions. The SDK itself retries after throttling and lost answers.</summary>
internal sealed class LedgerCalls(IAmazonDynamoDB client, LedgerTables tables)
{
    private const int MaxTries = 8; // our decision: about three seconds of conflicts
    private const int MaxBatch = 100; // keys of one BatchGetItem

    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(25)); // our decision

    public LedgerTables Tables => tables;

    /// <summary>Reads one item, or null.</summary>
    public async Task<Dictionary<string, AttributeValue>?> GetAsync(
        string table, Dictionary<string, AttributeValue> key, CancellationToken cancellation)
    {
        var request = new GetItemRequest { TableName = table, Key = key, ConsistentRead = true };
        GetItemResponse response = await ReadAsync(table, "GetItem", () => client.GetItemAsync(request, cancellation), cancellation);
        return response.IsItemSet ? response.Item : null;
    }

    /// <summary>Reads those items of the index table that exist, in no order.</summary>
    public async Task<List<Dictionary<string, AttributeValue>>> GetManyAsync(IEnumerable<string> ids, CancellationToken cancellation)
    {
        var found = new List<Dictionary<string, AttributeValue>>();
        var left = new Queue<Dictionary<string, AttributeValue>>(ids.Select(Keys.OfIndex));
        for (int idle = 0; left.Count > 0;)
        {
            List<Dictionary<string, AttributeValue>> batch = Take(left);
            BatchGetItemResponse response = await GetBatchAsync(batch, cancellation);
            found.AddRange(response.Responses?.GetValueOrDefault(tables.Index) ?? []);
            List<Dictionary<string, AttributeValue>> again = response.UnprocessedKeys?.GetValueOrDefault(tables.Index)?.Keys ?? [];
            again.ForEach(left.Enqueue);
            idle = again.Count == 0 ? 0 : again.Count < batch.Count ? 1 : idle + 1;
            if (idle == MaxTries)
            {
                throw DynamoDbFault.Of(new ProvisionedThroughputExceededException("keys were left unprocessed"), $"'{tables.Index}'", "BatchGetItem", write: false);
            }

            await Task.Delay(idle == 0 ? TimeSpan.Zero : Pauses.After(idle), cancellation);
        }

        return found;
    }

    /// <summary>Reads every item of a query, page after page.</summary>
    public async IAsyncEnumerable<Dictionary<string, AttributeValue>> QueryAsync(
        QueryRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        do
        {
            QueryResponse page = await QueryPageAsync(request, cancellation);
            foreach (Dictionary<string, AttributeValue> item in page.Items ?? [])
            {
                yield return item;
            }

            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
    }

    /// <summary>Reads one page of a query.</summary>
    public Task<QueryResponse> QueryPageAsync(QueryRequest request, CancellationToken cancellation) =>
        ReadAsync(request.TableName, "Query", () => client.QueryAsync(request, cancellation), cancellation);

    /// <summary>Reads every item of a scan, page after page.</summary>
    public async IAsyncEnumerable<Dictionary<string, AttributeValue>> ScanAsync(
        ScanRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        do
        {
            ScanResponse page = await ReadAsync(request.TableName, "Scan", () => client.ScanAsync(request, cancellation), cancellation);
            foreach (Dictionary<string, AttributeValue> item in page.Items ?? [])
            {
                yield return item;
            }

            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
    }

    /// <summary>Says whether a table has no item; it reads one.</summary>
    public async Task<bool> IsEmptyAsync(string table, CancellationToken cancellation)
    {
        var request = new ScanRequest { TableName = table, ConsistentRead = true, Limit = 1 };
        return (await ReadAsync(table, "Scan", () => client.ScanAsync(request, cancellation), cancellation)).Items is not { Count: > 0 };
    }

    /// <exception cref="ConditionalCheckFailedException">As the request's condition says.</exception>
    public Task PutAsync(PutItemRequest request, CancellationToken cancellation) =>
        WriteAsync(request.TableName, "PutItem", () => client.PutItemAsync(request, cancellation), cancellation);

    /// <exception cref="ConditionalCheckFailedException">As the request's condition says.</exception>
    public Task<UpdateItemResponse> UpdateAsync(UpdateItemRequest request, CancellationToken cancellation) =>
        WriteAsync(request.TableName, "UpdateItem", () => client.UpdateItemAsync(request, cancellation), cancellation);

    /// <exception cref="ConditionalCheckFailedException">As the request's condition says.</exception>
    public Task DeleteAsync(DeleteItemRequest request, CancellationToken cancellation) =>
        WriteAsync(request.TableName, "DeleteItem", () => client.DeleteItemAsync(request, cancellation), cancellation);

    /// <summary>Writes all items or none of them.</summary>
    /// <param name="items">The writes with their conditions.</param>
    /// <param name="token">The client token: repeats with it within ten minutes count as one.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>Empty when the items were written; otherwise the places of those whose conditions do not hold.</returns>
    public async Task<IReadOnlySet<int>> TransactAsync(List<TransactWriteItem> items, string token, CancellationToken cancellation)
    {
        var request = new TransactWriteItemsRequest { TransactItems = items, ClientRequestToken = token };
        string both = $"{tables.Certificates}', '{tables.Index}";
        try
        {
            await WriteAsync(both, "TransactWriteItems", () => client.TransactWriteItemsAsync(request, cancellation), cancellation);
            return new HashSet<int>();
        }
        catch (LedgerUnavailableException fault) when (fault.InnerException is TransactionCanceledException { CancellationReasons: { } reasons }
            && reasons.Exists(reason => reason.Code == "ConditionalCheckFailed"))
        {
            return Enumerable.Range(0, reasons.Count).Where(place => reasons[place].Code == "ConditionalCheckFailed").ToHashSet();
        }
    }

    /// <summary>Reads the description of a table; null when there is none.</summary>
    public async Task<TableDescription?> DescribeAsync(string table, CancellationToken cancellation)
    {
        try
        {
            return (await ReadAsync(table, "DescribeTable", () => client.DescribeTableAsync(table, cancellation), cancellation)).Table;
        }
        catch (LedgerUnavailableException fault) when (fault.InnerException is ResourceNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads the attribute by which a table deletes items (time to live); null when it deletes none.</summary>
    public async Task<string?> TimeToLiveAsync(string table, CancellationToken cancellation)
    {
        var request = new DescribeTimeToLiveRequest { TableName = table };
        TimeToLiveDescription? found = (await ReadAsync(
            table, "DescribeTimeToLive", () => client.DescribeTimeToLiveAsync(request, cancellation), cancellation)).TimeToLiveDescription;
        return found?.TimeToLiveStatus == TimeToLiveStatus.ENABLED || found?.TimeToLiveStatus == TimeToLiveStatus.ENABLING
            ? found.AttributeName : null;
    }

    private static List<Dictionary<string, AttributeValue>> Take(Queue<Dictionary<string, AttributeValue>> keys)
    {
        var batch = new List<Dictionary<string, AttributeValue>>();
        while (batch.Count < MaxBatch && keys.TryDequeue(out Dictionary<string, AttributeValue>? key))
        {
            batch.Add(key);
        }

        return batch;
    }

    private Task<BatchGetItemResponse> GetBatchAsync(List<Dictionary<string, AttributeValue>> keys, CancellationToken cancellation)
    {
        var request = new BatchGetItemRequest { RequestItems = new() { [tables.Index] = new() { Keys = keys, ConsistentRead = true } } };
        return ReadAsync(tables.Index, "BatchGetItem", () => client.BatchGetItemAsync(request, cancellation), cancellation);
    }

    private static Task<T> ReadAsync<T>(string table, string action, Func<Task<T>> call, CancellationToken cancellation) =>
        RepeatedAsync(table, action, write: false, call, cancellation);

    private static Task<T> WriteAsync<T>(string table, string action, Func<Task<T>> call, CancellationToken cancellation) =>
        RepeatedAsync(table, action, write: true, call, cancellation);

    private static async Task<T> RepeatedAsync<T>(
        string table, string action, bool write, Func<Task<T>> call, CancellationToken cancellation)
    {
        for (int tries = 1; ; tries++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return await call();
            }
            catch (Exception error) when (DynamoDbFault.IsTransient(error) && tries < MaxTries)
            {
                await Task.Delay(Pauses.After(tries), cancellation);
            }
            catch (Exception error) when (error is not ConditionalCheckFailedException && DynamoDbFault.Is(error, cancellation))
            {
                throw DynamoDbFault.Of(error, $"'{table}'", action, write);
            }
        }
    }
}

/// <summary>Marks the writes of this ledger, so that after a lost answer the item in the table shows which ledger wrote
/// it.</summary>
internal sealed class WriteMarks(ISerialSource random, TimeProvider clock)
{
    private long lastTicks;
    private long tokens;

    /// <summary>The number of this ledger, unlike any other's; not secret.</summary>
    public string Maker { get; } = random.Draw().ToString();

    /// <summary>Returns the time as sortable text, UTC, at least 100 ns later than any that this ledger returned
    /// before.</summary>
    public string NextTime()
    {
        while (true)
        {
            long last = Interlocked.Read(ref lastTicks);
            long next = Math.Max(last + 1, clock.GetUtcNow().UtcTicks);
            if (Interlocked.CompareExchange(ref lastTicks, next, last) == last)
            {
                return new DateTime(next, DateTimeKind.Utc).ToString($"{TableTime.Format}.fffffff", CultureInfo.InvariantCulture);
            }
        }
    }

    /// <summary>Makes a client token for one transaction and all its repeats within one call. It has at most 36 characters
    /// (TransactWriteItems), and DynamoDB remembers it for ten minutes. It does not follow from the content alone: items
    /// contain the time, and the same token with other content is refused.</summary>
    public string NextToken()
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{Maker}/{Interlocked.Increment(ref tokens)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)).AsSpan(0, 18));
    }
}
