using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>Reads and writes the history: items <c>history#</c> of the index table, which DynamoDB deletes when they may be
/// forgotten. They are found by name, and by day; both indexes have the whole item, so that a read costs what it finds.</summary>
internal sealed class HistoryItems(LedgerCalls calls, TimeProvider clock)
{
    private string Table => calls.Tables.Index;

    /// <summary>Makes the write of an entry as a part of a transaction. It has no condition: another try of the same work stores
    /// the same entry again.</summary>
    public TransactWriteItem Part(HistoryEntry entry) => new() { Put = new() { TableName = Table, Item = Item(entry) } };

    /// <summary>Stores an entry, unless there is one of its id that may not be forgotten yet.</summary>
    public async Task AddAsync(HistoryEntry entry, CancellationToken cancellation)
    {
        var request = new PutItemRequest
        {
            TableName = Table,
            Item = Item(entry),
            ConditionExpression = $"{IndexItems.IsNew} OR {Attributes.ExpiresAt} <= :now",
            ExpressionAttributeValues = new() { [":now"] = Attributes.N(entry.At.ToUnixTimeSeconds()) },
        };
        try
        {
            await calls.PutAsync(request, cancellation);
        }
        catch (ConditionalCheckFailedException)
        {
            // It is there already.
        }
    }

    /// <summary>Finds entries, the newest first.</summary>
    public async Task<IReadOnlyList<HistoryEntry>> FindAsync(HistoryQuery query, CancellationToken cancellation) => query.CommonName is not { } name
        ? await NewestAsync(query, cancellation)
        : Keys.CanBe(name) ? InOrder(await ReadAsync(OfName(query, name), query, cancellation))
        : [];

    // Goes back day by day until it has enough. The items of a day are spread over shards, which are read at once.
    private async Task<IReadOnlyList<HistoryEntry>> NewestAsync(HistoryQuery query, CancellationToken cancellation)
    {
        var found = new List<HistoryEntry>();
        var first = DateOnly.FromDateTime(query.Since.UtcDateTime);
        for (var day = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime); day >= first && found.Count < query.Limit; day = day.AddDays(-1))
        {
            IReadOnlyList<HistoryEntry>[] shards = await Task.WhenAll(HistoryDays.Of(day).Select(shard => ReadAsync(OfShard(query, shard), query, cancellation)));
            found.AddRange(InOrder(shards.SelectMany(entries => entries)));
            if (day == DateOnly.MinValue)
            {
                break;
            }
        }

        return [.. found.Take(query.Limit)];
    }

    // Of one second: a certificate is issued before it is revoked, and the index has no order.
    private static IReadOnlyList<HistoryEntry> InOrder(IEnumerable<HistoryEntry> entries) =>
        [.. entries.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Kind)
            .ThenBy(entry => entry.CommonName, StringComparer.Ordinal).ThenBy(entry => entry.Id, StringComparer.Ordinal)];

    private async Task<IReadOnlyList<HistoryEntry>> ReadAsync(QueryRequest request, HistoryQuery query, CancellationToken cancellation) =>
        await calls.QueryAsync(request, cancellation).Select(Read).OfType<HistoryEntry>().Where(query.Takes).Take(query.Limit).ToListAsync(cancellation);

    private QueryRequest OfName(HistoryQuery query, string name) => Newest(query, Attributes.HistoryIndex, Attributes.HistoryOf, name);

    private QueryRequest OfShard(HistoryQuery query, string shard) => Newest(query, Attributes.HistoryDaysIndex, Attributes.HistoryDay, shard);

    private QueryRequest Newest(HistoryQuery query, string index, string partition, string value) => new()
    {
        TableName = Table,
        IndexName = index,
        KeyConditionExpression = $"{partition} = :value AND {Attributes.HistoryAt} >= :since",
        ExpressionAttributeValues = new() { [":value"] = Attributes.S(value), [":since"] = RowItem.Time(query.Since) },
        ScanIndexForward = false,
        Limit = query.SerialNumber is null ? query.Limit : null, // those of one certificate may stand far back
    };

    /// <summary>Makes the item of an entry.</summary>
    public static Dictionary<string, AttributeValue> Item(HistoryEntry entry)
    {
        Dictionary<string, AttributeValue> item = Keys.OfIndex(Keys.History(entry.Id));
        item[Attributes.HistoryKind] = Attributes.S(HistoryKinds.Name(entry.Kind));
        item[Attributes.HistoryDay] = Attributes.S(HistoryDays.Of(entry));
        item[Attributes.HistoryAt] = RowItem.Time(entry.At);
        item[Attributes.EventId] = Attributes.S(entry.Id);
        item[Attributes.Details] = Attributes.S(entry.Details);
        item[Attributes.ExpiresAt] = Attributes.N(entry.KeptUntil.ToUnixTimeSeconds());
        foreach ((string attribute, string? text) in ((string, string?)[])
        [
            (Attributes.HistoryOf, entry.CommonName), (Attributes.SerialNumber, entry.SerialNumber?.ToString()),
            (Attributes.SignedBy, entry.Ca), (Attributes.Actor, entry.By),
        ])
        {
            if (text is not null)
            {
                item[attribute] = Attributes.S(text);
            }
        }

        return item;
    }

    // Returns null for what somebody changed, or a later version wrote: the history serves people, and nothing depends on it.
    private static HistoryEntry? Read(Dictionary<string, AttributeValue> item) =>
        HistoryKinds.Find(item.Text(Attributes.HistoryKind)) is { } kind && TableTime.TryParse(item.Text(Attributes.HistoryAt), out DateTimeOffset at)
            ? new HistoryEntry
            {
                Id = item.Text(Attributes.EventId) ?? "",
                Kind = kind,
                At = at,
                CommonName = item.Text(Attributes.HistoryOf),
                SerialNumber = SerialNumber.TryParse(item.Text(Attributes.SerialNumber), out SerialNumber serial) ? serial : null,
                Ca = item.Text(Attributes.SignedBy),
                Details = item.Text(Attributes.Details) ?? "",
                By = item.Text(Attributes.Actor),
            }
            : null;
}
