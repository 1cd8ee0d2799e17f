using System.Globalization;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.DynamoDb;

/// <summary>Checks results of several pages (contract 12.7: every page is read) and indexes that lag behind.</summary>
public sealed class LedgerPageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Thousands_of_rows_of_one_name_and_one_day_are_read_whole()
    {
        await using FaultProxy proxy = await FaultProxy.StartAsync(await DynamoDbEmulator.AddressAsync());
        using TestTables tables = await TestTables.CreateAsync(Cancellation, proxy.Address);
        const int Rows = 3000;
        string pem = Some.Pem(new string('x', 1600));

        // Each has a time of its own: the emulator loses some of more than a thousand rows with one key of an index.
        await tables.PutAsync(
            Enumerable.Range(1, Rows).Select(serial => RowItem.Of(Some.Record("many", serial) with
            {
                CertificatePem = pem, Revoked = new CertificateRevocation(Some.Time.AddSeconds(serial)),
            })),
            Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        var day = new DateOnly(2030, 1, 31);
        proxy.Clear();

        int[] counts =
        [
            (await ledger.FindByNameAsync("many", Cancellation)).DistinctBy(row => row.SerialNumber).Count(),
            (await ledger.ListRevokedAsync(Cancellation).ToListAsync(Cancellation)).DistinctBy(row => row.SerialNumber).Count(),
            (await ledger.ListExpiringAsync(day.AddDays(-5), day.AddDays(5), Cancellation).ToListAsync(Cancellation)).DistinctBy(row => row.SerialNumber).Count(),
        ];

        Assert.All(counts, count => Assert.Equal(Rows, count));
        // Each read has about 10 MB, and in the index of reminders more than 1 MB in each of eight shards; a page has 1 MB.
        Assert.InRange(proxy.Calls.Count(call => call.Action == "Query" && call.Text.Contains("ExclusiveStartKey", StringComparison.Ordinal)), 15, 21);
        Assert.InRange(proxy.Calls.Count(call => call.Action == "Scan"), 9, 13);
    }

    [Fact]
    public async Task Events_come_oldest_first_whatever_their_shard_and_however_many_wait()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        Notification[] stored = [.. Enumerable.Range(0, 250).Select(number => Some.Event(number.ToString("D3", CultureInfo.InvariantCulture)))];
        foreach (Notification one in stored)
        {
            await ledger.AddToOutboxAsync(one, onceOnly: false, Cancellation);
        }

        Assert.Equal(stored[..1], await ledger.ReadOutboxAsync(1, Cancellation));
        Assert.Equal(stored[..120], await ledger.ReadOutboxAsync(120, Cancellation));
        Assert.Equal(stored, await ledger.ReadOutboxAsync(1000, Cancellation));
        Assert.Empty(await ledger.ReadOutboxAsync(0, Cancellation));
    }

    [Fact]
    public async Task An_index_that_still_has_dropped_events_and_some_twice_hides_none_that_wait()
    {
        await using FaultProxy proxy = await FaultProxy.StartAsync(await DynamoDbEmulator.AddressAsync());
        using TestTables tables = await TestTables.CreateAsync(Cancellation, proxy.Address);
        DynamoDbLedger ledger = tables.Ledger();
        for (int number = 0; number < 30; number++)
        {
            await ledger.AddToOutboxAsync(Some.Event($"event-{number}"), onceOnly: number % 2 == 0, Cancellation);
        }

        // The rows are deleted, but the index stays as it was, as if it lagged behind.
        List<ServiceAnswer> stale = await StaleAnswersAsync(tables);
        for (int number = 0; number < 20; number++)
        {
            await ledger.RemoveFromOutboxAsync($"event-{number}", Cancellation);
        }

        proxy.Clear();
        for (int shard = 0; shard < stale.Count; shard++)
        {
            proxy.Answer(stale[shard], "Query", nth: shard + 1);
        }

        IReadOnlyList<Notification> pending = await ledger.ReadOutboxAsync(10, Cancellation);

        Assert.Equal(Enumerable.Range(20, 10).Select(number => $"event-{number}"), pending.Select(one => one.Id));
    }

    [Fact]
    public async Task Keys_that_a_batch_left_out_are_requested_again()
    {
        await using FaultProxy proxy = await FaultProxy.StartAsync(await DynamoDbEmulator.AddressAsync());
        using TestTables tables = await TestTables.CreateAsync(Cancellation, proxy.Address);
        DynamoDbLedger ledger = tables.Ledger();
        await ledger.AddToOutboxAsync(Some.Event(), onceOnly: false, Cancellation);
        string left = $$$"""{"Responses":{},"UnprocessedKeys":{"{{{tables.Names.Index}}}":{"Keys":[{"Id":{"S":"event#event-1"}}]} } }""";
        proxy.Answer(new ServiceAnswer(200, "application/x-amz-json-1.0", left), "BatchGetItem", times: 3);

        Assert.Equal([Some.Event()], await ledger.ReadOutboxAsync(10, Cancellation));

        proxy.Answer(new ServiceAnswer(200, "application/x-amz-json-1.0", left), "BatchGetItem", times: int.MaxValue);
        LedgerUnavailableException error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.ReadOutboxAsync(10, Cancellation));
        Assert.Contains("busy beyond its capacity", error.Message, StringComparison.Ordinal);
    }

    // Reads the index's answers, shard by shard, in the order of the ledger's queries.
    private static async Task<List<ServiceAnswer>> StaleAnswersAsync(TestTables tables)
    {
        var answers = new List<ServiceAnswer>();
        foreach (string shard in Shards.All)
        {
            var request = new QueryRequest
            {
                TableName = tables.Names.Index,
                IndexName = "Pending",
                KeyConditionExpression = "PendingShard = :shard",
                ExpressionAttributeValues = new() { [":shard"] = RowItemTests.Text(shard) },
            };
            IEnumerable<string> items = ((await tables.Client.QueryAsync(request, Cancellation)).Items ?? []).Select(item =>
                "{" + string.Join(',', item.Select(pair => $$"""
                    "{{pair.Key}}":{"S":"{{pair.Value.S}}"}
                    """)) + "}");
            answers.Add(new ServiceAnswer(200, "application/x-amz-json-1.0", $$"""{"Items":[{{string.Join(',', items.SelectMany(item => (string[])[item, item]))}}]}"""));
        }

        return answers;
    }
}
