using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Contracts;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Records;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.DynamoDb;

/// <summary>Checks that reading the history costs what it finds, however large the tables are, and that writing it costs no call of
/// its own.</summary>
public sealed class HistoryReadTests
{
    private static readonly DateTimeOffset Now = TableTime.WholeSeconds(TimeProvider.System.GetUtcNow());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("client-7.example.test")]
    [InlineData("1000007")]
    [InlineData(null)]
    public async Task A_history_consumes_the_same_of_500_and_of_5_000_certificates_and_scans_nothing(string? text)
    {
        var reads = new List<string>();
        foreach (int count in (int[])[500, 5_000])
        {
            using TestTables tables = await TestTables.CreateAsync(Cancellation);
            CertificateRecord[] rows = [.. Enumerable.Range(1, count).Select(number =>
                Some.Record($"client-{number}.example.test", 1_000_000 + number) with { Issued = Now.AddSeconds(-60 * number) })];
            await tables.PutAsync(rows.Select(RowItem.Of), Cancellation);
            await PutAsync(tables, rows.Select(row => HistoryEntry.Issued(row, "ca", row.Issued, actor: null)));
            using var meter = new CapacityMeter();
            using AmazonDynamoDBClient client = TestTables.ClientOf(await DynamoDbEmulator.AddressAsync(), http: new MeteredHttp(meter));
            var history = new CertificateHistory(new DynamoDbLedger(client, tables.Names, TimeProvider.System), TimeProvider.System);

            FoundHistory found = text is null
                ? await history.NewestAsync(Now.AddMinutes(-30), 10, Cancellation)
                : await history.FindAsync(text, since: null, 10, Cancellation);

            Assert.Equal(text is null ? 10 : 1, found.Entries.Count);
            Assert.DoesNotContain(meter.Calls, call => call.Action == "Scan");
            Assert.InRange(meter.ReadUnits, 1, 30); // at most two days of eight shards, each with a few entries of some 400 octets
            reads.Add(string.Create(CultureInfo.InvariantCulture, $"{meter.Calls.Count} calls, {meter.ReadUnits} read units"));
        }

        Assert.Equal(reads[0], reads[1]);
    }

    [Fact]
    public async Task What_is_noted_with_an_addition_is_one_more_item_of_the_same_call()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        using var meter = new CapacityMeter();
        using AmazonDynamoDBClient client = TestTables.ClientOf(await DynamoDbEmulator.AddressAsync(), http: new MeteredHttp(meter));
        var ledger = new DynamoDbLedger(client, tables.Names, TimeProvider.System);
        CertificateRecord row = Some.Record("new") with { Issued = Now };

        await ledger.AddAsync(Some.Addition("new") with { Record = row, History = HistoryEntry.Issued(row, "ca", Now, new Actor("local:alice")) }, Cancellation);

        Assert.Equal(["TransactWriteItems"], meter.Calls.Select(call => call.Action).Distinct()); // the meter counts each of the two tables
        Assert.Single(await ledger.FindHistoryAsync(new HistoryQuery(5) { CommonName = "new" }, Cancellation));
    }

    private static async Task PutAsync(TestTables tables, IEnumerable<HistoryEntry> entries)
    {
        foreach (HistoryEntry[] batch in entries.Chunk(25)) // the largest BatchWriteItem
        {
            List<WriteRequest> puts = [.. batch.Select(entry => new WriteRequest(new PutRequest(HistoryItems.Item(entry))))];
            await tables.Client.BatchWriteItemAsync(new Dictionary<string, List<WriteRequest>> { [tables.Names.Index] = puts }, Cancellation);
        }
    }
}
