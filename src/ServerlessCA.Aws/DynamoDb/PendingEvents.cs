using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Notifications;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>One reading of the oldest events that wait. The index, which may lag behind, gives ids in order of age; what
/// they stand for is read from the table itself, so that an event that was dropped a moment ago is not told again.</summary>
internal sealed class PendingEvents(LedgerCalls calls, int limit)
{
    private readonly ShardCursor[] shards = [.. Shards.All.Select(shard => new ShardCursor(calls, shard, limit))];

    // The index may show an event twice while it follows the table.
    private readonly HashSet<string> seen = [];

    public async Task<IReadOnlyList<Notification>> ReadAsync(CancellationToken cancellation)
    {
        var found = new List<Notification>();
        while (found.Count < limit)
        {
            List<string> ids = await NextIdsAsync(limit - found.Count, cancellation);
            if (ids.Count == 0)
            {
                break;
            }

            Dictionary<string, Notification> waiting = (await calls.GetManyAsync(ids, cancellation))
                .Where(item => item.Has(Attributes.PendingShard)).ToDictionary(item => item.Text(Attributes.Id)!, Read);
            found.AddRange(ids.Where(waiting.ContainsKey).Select(id => waiting[id]));
        }

        return found;
    }

    private static Notification Read(Dictionary<string, AttributeValue> item) =>
        new(item.Text(Attributes.EventId)!, item.Text(Attributes.Subject)!, item.Text(Attributes.Json)!);

    private async Task<List<string>> NextIdsAsync(int count, CancellationToken cancellation)
    {
        var ids = new List<string>();
        while (ids.Count < count)
        {
            await Task.WhenAll(shards.Select(shard => shard.FillAsync(cancellation)));
            ShardCursor? oldest = shards.Where(shard => shard.Head is not null).MinBy(shard => shard.Head, StringComparer.Ordinal);
            if (oldest is null)
            {
                break;
            }

            string id = oldest.Take();
            if (seen.Add(id))
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    /// <summary>Where the reading of one shard is.</summary>
    private sealed class ShardCursor(LedgerCalls calls, string shard, int limit)
    {
        private readonly Queue<(string Order, string Id)> ready = [];
        private Dictionary<string, AttributeValue>? after;
        private bool atEnd;

        /// <summary>The age of its oldest event, sortable; null at its end.</summary>
        public string? Head => ready.TryPeek(out (string Order, string Id) first) ? first.Order : null;

        public string Take() => ready.Dequeue().Id;

        public async Task FillAsync(CancellationToken cancellation)
        {
            while (ready.Count == 0 && !atEnd)
            {
                QueryResponse page = await calls.QueryPageAsync(Request(), cancellation);
                foreach (Dictionary<string, AttributeValue> item in page.Items ?? [])
                {
                    string id = item.Text(Attributes.Id)!;
                    ready.Enqueue(($"{item.Text(Attributes.KeptAt)} {id}", id));
                }

                after = page.LastEvaluatedKey;
                atEnd = after is not { Count: > 0 };
            }
        }

        private QueryRequest Request() => new()
        {
            TableName = calls.Tables.Index,
            IndexName = Attributes.PendingIndex,
            KeyConditionExpression = $"{Attributes.PendingShard} = :shard",
            ExpressionAttributeValues = new() { [":shard"] = Attributes.S(shard) },
            Limit = limit,
            ExclusiveStartKey = after,
        };
    }
}
