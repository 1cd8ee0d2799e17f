using System.Globalization;
using Amazon.DynamoDBv2;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.DynamoDb;

/// <summary>Checks that a list by expiry costs what it finds, however large the table is, and is never silently
/// incomplete.</summary>
public sealed class ExpiryListReadTests
{
    private const int Soon = 40;

    private static readonly DateTimeOffset Now = new(2030, 3, 15, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_of_30_days_consumes_the_same_of_1_000_and_of_10_000_rows()
    {
        var reads = new List<string>();
        foreach (int rows in (int[])[1_000, 10_000])
        {
            using TestTables tables = await FilledAsync(rows);
            await tables.Ledger().SetMarkAsync(IndexItems.AllExpiries, Some.Time, Cancellation);
            using var meter = new CapacityMeter();

            InventoryList list = await ListAsync(tables, meter, new InventoryFilter { ExpiresFrom = Now, ExpiresUntil = Now.AddDays(30) });

            Assert.Equal((Soon, null), (list.Count, list.WholeTable));
            Assert.DoesNotContain(meter.Calls, call => call.Action == "Scan");
            Assert.Equal(17, meter.Calls.Count); // the mark, and two months in eight shards
            Assert.InRange(meter.ReadUnits, 9, 20);

            double before = meter.ReadUnits;
            InventoryList none = await ListAsync(
                tables, meter, new InventoryFilter { ExpiresFrom = Now, ExpiresUntil = Now.AddDays(30), AlternativeName = "*.example.test" });
            Assert.Equal(0, none.Count); // these rows have no certificate that could be read
            Assert.Equal(Soon, meter.Calls.Count(call => call.Action == "GetItem") - 2); // the rows that the other filters leave
            reads.Add(string.Create(CultureInfo.InvariantCulture, $"{meter.Calls.Count} calls, {before} and {meter.ReadUnits - before} read units"));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(reads[0]);
        Assert.Equal(reads[0], reads[1]);
    }

    [Fact]
    public async Task A_list_without_an_end_reads_the_index_which_is_much_smaller_than_the_table()
    {
        using TestTables tables = await FilledAsync(1_000);
        await tables.Ledger().SetMarkAsync(IndexItems.AllExpiries, Some.Time, Cancellation);
        using var meter = new CapacityMeter();

        Assert.Equal(1_000, (await ListAsync(tables, meter, new InventoryFilter { Valid = true })).Count);
        double byIndex = meter.ReadUnits;
        meter.Reset();
        Assert.Equal(1_000, (await ListAsync(tables, meter, new InventoryFilter())).Count);

        Assert.InRange(byIndex, 20, meter.ReadUnits / 4);
    }

    [Fact]
    public async Task Rows_that_are_not_migrated_are_listed_by_reading_the_table_and_the_list_says_so()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        await tables.PutAsync([RowItemTests.Original()], Cancellation);
        await tables.Ledger().AddAsync(Some.Addition("new", 2), Cancellation);
        using var meter = new CapacityMeter();

        InventoryList list = await ListAsync(tables, meter, new InventoryFilter { ExpiresUntil = Some.Time.AddDays(30) });

        Assert.Equal(["new", "old.example.test"], list.Rows.Select(row => row.CommonName));
        Assert.Contains("migrate --apply", list.WholeTable, StringComparison.Ordinal);
        Assert.Contains(meter.Calls, call => call.Action == "Scan");
    }

    private static async Task<TestTables> FilledAsync(int rows)
    {
        TestTables tables = await TestTables.CreateAsync(Cancellation);
        string pem = Some.Pem(new string('x', 800));
        await tables.PutAsync(
            Enumerable.Range(1, rows).Select(number => RowItem.Of(Some.Record($"client-{number}.example.test", 1_000_000 + number) with
            {
                CertificatePem = pem,
                Expires = number <= Soon ? Now.AddDays(number % 30) : Now.AddDays(60 + (number % 300)),
                NotifyExpiry = false,
                Source = IssueSource.Direct,
            })),
            Cancellation);
        return tables;
    }

    private static async Task<InventoryList> ListAsync(TestTables tables, CapacityMeter meter, InventoryFilter filter)
    {
        using AmazonDynamoDBClient client = TestTables.ClientOf(await DynamoDbEmulator.AddressAsync(), http: new MeteredHttp(meter));
        var ledger = new DynamoDbLedger(client, tables.Names, TimeProvider.System);
        return await new CertificateInventory(ledger).ListAsync(new InventoryQuery(filter), Now, Cancellation);
    }
}
