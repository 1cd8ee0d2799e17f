using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Notifications;

namespace ServerlessCA.Aws.DynamoDb;

// The outbox: events that are stored until they are delivered. Its index is spread over shards.
public sealed partial class DynamoDbLedger
{
    /// <inheritdoc/>
    public async Task<bool> AddToOutboxAsync(Notification notification, bool onceOnly, CancellationToken cancellation)
    {
        Dictionary<string, AttributeValue> item = EventItem(notification, onceOnly);
        try
        {
            await calls.PutAsync(new PutItemRequest { TableName = calls.Tables.Index, Item = item, ConditionExpression = IndexItems.IsNew }, cancellation);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            Dictionary<string, AttributeValue> key = Keys.OfIndex(Keys.Event(notification.Id));
            Dictionary<string, AttributeValue>? there = await calls.GetAsync(calls.Tables.Index, key, cancellation);
            bool isOurs = there?.Text(Attributes.KeptAt) == item[Attributes.KeptAt].S && there?.Text(Attributes.KeptBy) == marks.Maker;
            if (!isOurs && onceOnly && there?.Has(Attributes.OnceOnly) != true)
            {
                await SetOnceOnlyAsync(key, cancellation); // others stored or delivered it: from now on its id stays
            }

            return isOurs; // the answer of our first attempt was lost
        }
    }

    /// <inheritdoc/>
    public async Task RemoveFromOutboxAsync(string notificationId, CancellationToken cancellation)
    {
        Dictionary<string, AttributeValue> key = Keys.OfIndex(Keys.Event(notificationId));
        try
        {
            await calls.DeleteAsync(
                new DeleteItemRequest { TableName = calls.Tables.Index, Key = key, ConditionExpression = $"attribute_not_exists({Attributes.OnceOnly})" },
                cancellation);
        }
        catch (ConditionalCheckFailedException)
        {
            const string Rest = $"{Attributes.EventId}, {Attributes.Subject}, {Attributes.Json}, "
                + $"{Attributes.PendingShard}, {Attributes.KeptAt}, {Attributes.KeptBy}";
            await calls.UpdateAsync(new UpdateItemRequest { TableName = calls.Tables.Index, Key = key, UpdateExpression = $"REMOVE {Rest}" }, cancellation);
        }
    }

    /// <summary><inheritdoc/> An event that was stored a moment ago may be missing; the order is that of the writers'
    /// clocks.</summary>
    public Task<IReadOnlyList<Notification>> ReadOutboxAsync(int limit, CancellationToken cancellation) =>
        new OutboxReader(calls, limit).ReadAsync(cancellation);

    /// <summary>Returns the item of an event in the outbox. It holds the payload as the topic will carry it, which is less than
    /// the 400 KB of an item (contract 12.26): otherwise a signed certificate could not be stored together with its
    /// event.</summary>
    private Dictionary<string, AttributeValue> EventItem(Notification notification, bool onceOnly)
    {
        Dictionary<string, AttributeValue> item = Keys.OfIndex(Keys.Event(notification.Id));
        item[Attributes.EventId] = Attributes.S(notification.Id);
        item[Attributes.Subject] = Attributes.S(notification.Subject);
        item[Attributes.Json] = Attributes.S(PayloadLimit.Fit(notification.Json));
        item[Attributes.PendingShard] = Attributes.S(Shards.Of(notification.Id));
        item[Attributes.KeptAt] = Attributes.S(marks.NextTime());
        item[Attributes.KeptBy] = Attributes.S(marks.Maker);
        if (onceOnly)
        {
            item[Attributes.OnceOnly] = Attributes.Bool(true);
        }

        return item;
    }

    private Task<UpdateItemResponse> SetOnceOnlyAsync(Dictionary<string, AttributeValue> key, CancellationToken cancellation) => calls.UpdateAsync(
        new UpdateItemRequest
        {
            TableName = calls.Tables.Index,
            Key = key,
            UpdateExpression = $"SET {Attributes.OnceOnly} = :yes",
            ExpressionAttributeValues = new() { [":yes"] = Attributes.Bool(true) },
        },
        cancellation);
}

/// <summary>Reads the oldest events of the outbox, once. The index, which may lag behind, gives ids in order of age; the events
/// themselves are read from the table, so that one that was removed a moment ago is not delivered again.</summary>
internal sealed class OutboxReader(LedgerCalls calls, int limit)
{
    private readonly ShardCursor[] shards = [.. Shards.All.Select(shard => new ShardCursor(calls, shard, limit))];

    // The index may return an event twice while it follows the table.
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

    /// <summary>Reads one shard page by page.</summary>
    private sealed class ShardCursor(LedgerCalls calls, string shard, int limit)
    {
        private readonly Queue<(string Order, string Id)> ready = [];
        private Dictionary<string, AttributeValue>? after;
        private bool atEnd;

        /// <summary>When the next event was stored, as sortable text; null at the shard's end.</summary>
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
