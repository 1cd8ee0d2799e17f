using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>Reads the table of certificates and its indexes.</summary>
internal sealed class Rows(LedgerCalls calls)
{
    private const int QueriesAtOnce = 16; // our decision: a reminder 30 days ahead takes two rounds of days and 16 of shards
    private const int MaxDays = 400; // our decision: beyond, reading the whole index of reminders is less work
    private const int MaxMonths = 60; // our decision: beyond, some 500 queries, reading the whole index of expiries is less work

    private readonly RowReader reader = new(calls.Tables.Certificates);

    private string Table => calls.Tables.Certificates;

    public async Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
        Keys.CanBe(commonName) ? await ReadAsync(calls.QueryAsync(OfName(commonName), cancellation)).ToListAsync(cancellation) : [];

    /// <summary>Finds the rows' keys in the index, then reads the rows from the table as they are now.</summary>
    public async Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialNumber serialNumber, CancellationToken cancellation)
    {
        List<Dictionary<string, AttributeValue>> keys = await calls.QueryAsync(OfSerial(serialNumber), cancellation).ToListAsync(cancellation);
        CertificateRecord?[] found = await Task.WhenAll(keys.Select(
            key => FindAsync(new RowId(key.Text(Attributes.CommonName)!, serialNumber), cancellation)));
        return [.. found.OfType<CertificateRecord>()];
    }

    public async Task<bool> HasNameAsync(string commonName, CancellationToken cancellation)
    {
        QueryRequest request = OfName(commonName);
        request.Limit = 1;
        return Keys.CanBe(commonName) && (await calls.QueryPageAsync(request, cancellation)).Items is { Count: > 0 };
    }

    public async Task<CertificateRecord?> FindAsync(RowId row, CancellationToken cancellation) =>
        Keys.CanBe(row.CommonName) && await calls.GetAsync(Table, Keys.OfRow(row), cancellation) is { } item ? reader.Read(item) : null;

    public IAsyncEnumerable<CertificateRecord> ListAsync(CancellationToken cancellation) =>
        ReadAsync(calls.ScanAsync(new ScanRequest { TableName = Table, ConsistentRead = true }, cancellation));

    /// <summary>Reads the whole sparse index, which has only the revoked rows.</summary>
    public IAsyncEnumerable<CertificateRecord> ListRevokedAsync(CancellationToken cancellation) =>
        ReadAsync(calls.ScanAsync(new ScanRequest { TableName = Table, IndexName = Attributes.RevokedIndex }, cancellation));

    // A row may have been silenced or given another expiry by hand, which the index does not show.
    public IAsyncEnumerable<CertificateRecord> ListExpiringAsync(DateOnly first, DateOnly last, CancellationToken cancellation) =>
        ReadAsync(last.DayNumber - first.DayNumber < MaxDays ? QueryDaysAsync(Days(first, last), cancellation) : calls.ScanAsync(AllBetween(first, last), cancellation))
            .Where(row => row.IsToRemind && row.ExpiresWithin(first, last));

    /// <summary>Reads the index of expiries, whose items have no certificates: the months that the range touches, or all of it
    /// where the range is long or has no end.</summary>
    public async IAsyncEnumerable<CertificateLine> ListByExpiryAsync(
        DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string first = TableTime.Text(from);
        string last = TableTime.Text(until);
        IAsyncEnumerable<Dictionary<string, AttributeValue>> items = ExpiryMonths.Count(from, until) <= MaxMonths
            ? QueryEachAsync(ExpiryMonths.Between(from, until).Select(month => OfExpiries(month, first, last)), cancellation)
            : calls.ScanAsync(ExpiringBetween(first, last), cancellation);
        await foreach (Dictionary<string, AttributeValue> item in items)
        {
            yield return reader.ReadLine(item);
        }
    }

    /// <summary>Says whether the table has no row.</summary>
    public Task<bool> IsEmptyAsync(CancellationToken cancellation) => calls.IsEmptyAsync(Table, cancellation);

    private static IEnumerable<DateOnly> Days(DateOnly first, DateOnly last) =>
        Enumerable.Range(first.DayNumber, Math.Max(0, last.DayNumber - first.DayNumber + 1)).Select(DateOnly.FromDayNumber);

    private async IAsyncEnumerable<CertificateRecord> ReadAsync(IAsyncEnumerable<Dictionary<string, AttributeValue>> items)
    {
        await foreach (Dictionary<string, AttributeValue> item in items)
        {
            yield return reader.Read(item);
        }
    }

    // Rows without a shard, of earlier versions, come first: one that a migration moves meanwhile may be found twice, but not
    // missed.
    private async IAsyncEnumerable<Dictionary<string, AttributeValue>> QueryDaysAsync(
        IEnumerable<DateOnly> days, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var former = new HashSet<(string?, string?)>();
        await foreach (Dictionary<string, AttributeValue> item in QueryEachAsync(days.Select(ReminderDays.Former).Select(OfReminders), cancellation))
        {
            former.Add(KeyOf(item));
            yield return item;
        }

        await foreach (Dictionary<string, AttributeValue> item in QueryEachAsync(days.SelectMany(ReminderDays.Of).Select(OfReminders), cancellation))
        {
            if (!former.Contains(KeyOf(item)))
            {
                yield return item;
            }
        }

        static (string?, string?) KeyOf(Dictionary<string, AttributeValue> item) => (item.Text(Attributes.CommonName), item.Text(Attributes.SerialNumber));
    }

    // Reads the first pages of several queries at once: nearly always there are no others.
    private async IAsyncEnumerable<Dictionary<string, AttributeValue>> QueryEachAsync(
        IEnumerable<QueryRequest> queries, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (QueryRequest[] requests in queries.Chunk(QueriesAtOnce))
        {
            QueryResponse[] pages = await Task.WhenAll(requests.Select(request => calls.QueryPageAsync(request, cancellation)));
            foreach ((QueryRequest request, QueryResponse page) in requests.Zip(pages))
            {
                foreach (Dictionary<string, AttributeValue> item in page.Items ?? [])
                {
                    yield return item;
                }

                if (page.LastEvaluatedKey is { Count: > 0 } after)
                {
                    request.ExclusiveStartKey = after;
                    await foreach (Dictionary<string, AttributeValue> item in calls.QueryAsync(request, cancellation))
                    {
                        yield return item;
                    }
                }
            }
        }
    }

    private QueryRequest OfName(string commonName) => new()
    {
        TableName = Table,
        ConsistentRead = true,
        KeyConditionExpression = $"{Attributes.CommonName} = :name",
        ExpressionAttributeValues = new() { [":name"] = Attributes.S(commonName) },
    };

    private QueryRequest OfSerial(SerialNumber serialNumber) => new()
    {
        TableName = Table,
        IndexName = Attributes.SerialsIndex,
        KeyConditionExpression = $"{Attributes.SerialNumber} = :serial",
        ExpressionAttributeValues = new() { [":serial"] = Attributes.S(serialNumber.ToString()) },
    };

    private QueryRequest OfReminders(string value) => new()
    {
        TableName = Table,
        IndexName = Attributes.RemindersIndex,
        KeyConditionExpression = $"{Attributes.ReminderDay} = :day",
        ExpressionAttributeValues = new() { [":day"] = Attributes.S(value) },
    };

    private QueryRequest OfExpiries(string month, string first, string last) => new()
    {
        TableName = Table,
        IndexName = Attributes.ExpiriesIndex,
        KeyConditionExpression = $"{Attributes.ExpiryMonth} = :month AND {Attributes.Expires} BETWEEN :first AND :last",
        ExpressionAttributeValues = new() { [":month"] = Attributes.S(month), [":first"] = Attributes.S(first), [":last"] = Attributes.S(last) },
    };

    private ScanRequest ExpiringBetween(string first, string last) => new()
    {
        TableName = Table,
        IndexName = Attributes.ExpiriesIndex,
        FilterExpression = $"{Attributes.Expires} BETWEEN :first AND :last",
        ExpressionAttributeValues = new() { [":first"] = Attributes.S(first), [":last"] = Attributes.S(last) },
    };

    private ScanRequest AllBetween(DateOnly first, DateOnly last)
    {
        (string from, string to) = ReminderDays.Between(first, last);
        return new()
        {
            TableName = Table,
            IndexName = Attributes.RemindersIndex,
            FilterExpression = $"{Attributes.ReminderDay} BETWEEN :first AND :last",
            ExpressionAttributeValues = new() { [":first"] = Attributes.S(from), [":last"] = Attributes.S(to) },
        };
    }
}
