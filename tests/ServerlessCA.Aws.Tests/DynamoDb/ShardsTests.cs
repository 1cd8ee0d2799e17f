using Amazon.DynamoDBv2.Model;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Aws.DynamoDb.Migration;
using ServerlessCA.Aws.Tests.DynamoDb.Migration;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.DynamoDb;

/// <summary>Checks that the index of reminders has no hot partition, as certificates that were issued together expire on one
/// day.</summary>
public sealed class ShardsTests
{
    private static readonly DateOnly Day = new(2030, 1, 31); // when the certificates of Some.Record and IssuedBefore expire

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_that_expire_on_one_day_are_spread_over_the_shards_and_all_found()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        for (int serial = 1; serial <= 120; serial++)
        {
            await ledger.AddAsync(Some.Addition("together", serial), Cancellation);
        }

        List<Dictionary<string, AttributeValue>> items = (await tables.Client.ScanAsync(
            new ScanRequest(tables.Names.Certificates) { IndexName = "Reminders" }, Cancellation)).Items;
        List<CertificateRecord> found = await ledger.ListExpiringAsync(Day, Day, Cancellation).ToListAsync(Cancellation);

        ILookup<string, Dictionary<string, AttributeValue>> shards = items.ToLookup(item => item["ReminderDay"].S);
        Assert.Equal(Enumerable.Range(0, 8).Select(shard => $"2030-01-31#{shard}"), shards.Select(shard => shard.Key).Order(StringComparer.Ordinal));
        Assert.All(shards, shard => Assert.InRange(shard.Count(), 4, 30)); // 15 in each would be even
        Assert.Equal(120, found.Select(row => row.SerialNumber).Distinct().Count());
        Assert.Equal(120, found.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(1000)] // by reading the whole index
    public async Task A_row_that_an_earlier_version_put_under_its_day_alone_is_found(int days)
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        await tables.PutAsync([UnderItsDay(Some.Record("before")), RowItem.Of(Some.Record("now", 2))], Cancellation);

        List<CertificateRecord> found = await tables.Ledger().ListExpiringAsync(Day.AddDays(-days), Day, Cancellation).ToListAsync(Cancellation);
        List<CertificateRecord> later = await tables.Ledger().ListExpiringAsync(Day.AddDays(1), Day.AddDays(1 + days), Cancellation).ToListAsync(Cancellation);

        Assert.Equal(["before", "now"], found.Select(row => row.CommonName).Order());
        Assert.Empty(later);
    }

    [Fact]
    public async Task A_migration_spreads_the_rows_of_an_earlier_version_and_counts_them()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        await tables.Ledger().AddAsync(Addition(1, out IssuedBefore _), Cancellation);
        await tables.Ledger().AddAsync(Addition(2, out IssuedBefore before), Cancellation);
        await PutUnderItsDayAsync(tables, before.Row);
        await tables.PutAsync([new IssuedBefore("original", 3, RealCertificate.EcKey()).Item(Some.Time, ("NotifyExpiry", new() { BOOL = true }))], Cancellation);
        string seen = await tables.ContentAsync(Cancellation);

        MigrationReport dry = await Migrate(tables, apply: false);
        Assert.Equal((false, 1L, 1L), (dry.IsComplete, dry.RowsFilled, dry.RemindersSpread));
        Assert.Equal(seen, await tables.ContentAsync(Cancellation));

        MigrationReport done = await Migrate(tables, apply: true);
        Assert.Equal((true, 3L, 1L, 1L), (done.IsComplete, done.RowsRead, done.RowsFilled, done.RemindersSpread));
        string content = await tables.ContentAsync(Cancellation);
        Assert.Equal(3, content.Split('\n').Count(line => line.Contains(" ReminderDay 2030-01-31#", StringComparison.Ordinal)));
        Assert.Equal(3, await tables.Ledger().ListExpiringAsync(Day, Day, Cancellation).CountAsync(Cancellation));

        MigrationReport again = await Migrate(tables, apply: true);
        Assert.Equal((true, 0L, 0L), (again.IsComplete, again.RowsFilled, again.RemindersSpread));
        Assert.Equal(content, await tables.ContentAsync(Cancellation));
    }

    [Fact]
    public async Task A_row_that_is_reminded_of_and_revoked_while_it_is_spread_keeps_both()
    {
        await using FaultProxy proxy = await FaultProxy.StartAsync(await DynamoDbEmulator.AddressAsync());
        using TestTables tables = await TestTables.CreateAsync(Cancellation, proxy.Address);
        using TestTables direct = tables.At(await DynamoDbEmulator.AddressAsync());
        CertificateAddition addition = Addition(1, out IssuedBefore before);
        await direct.Ledger().AddAsync(addition, Cancellation);
        await PutUnderItsDayAsync(direct, before.Row);
        bool meanwhile = false;
        proxy.Before = async call =>
        {
            if (call.Action == "UpdateItem" && !meanwhile)
            {
                meanwhile = true;
                Assert.True(await direct.Ledger().AddReminderAsync(before.Row, Some.Time, 0, Some.Event("reminder"), Cancellation));
                Assert.Equal(RevokeOutcome.Revoked, await direct.Ledger().RevokeAsync(before.Row, new(Some.Time), null, null, Cancellation));
            }
        };

        MigrationReport report = await Migrate(tables, apply: true);

        CertificateRecord row = (await direct.Ledger().FindAsync(before.Row.CommonName, before.Row.SerialNumber, Cancellation))!;
        Assert.Equal((true, 1L), (meanwhile, report.RemindersSpread));
        Assert.Equal([Some.Time], row.ExpiryReminders);
        Assert.NotNull(row.Revoked);
        Assert.Contains("ReminderDay 2030-01-31#", await direct.ContentAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_a_migration_moves_between_two_queries_is_listed_once()
    {
        await using FaultProxy proxy = await FaultProxy.StartAsync(await DynamoDbEmulator.AddressAsync());
        using TestTables tables = await TestTables.CreateAsync(Cancellation, proxy.Address);
        using TestTables direct = tables.At(await DynamoDbEmulator.AddressAsync());
        await direct.Ledger().AddAsync(Addition(1, out IssuedBefore before), Cancellation);
        await PutUnderItsDayAsync(direct, before.Row);
        var moved = new Lazy<Task<MigrationReport>>(() => Migrate(direct, apply: true));
        proxy.Before = call => call.Text.Contains("2030-01-31#", StringComparison.Ordinal) ? moved.Value : Task.CompletedTask;

        List<CertificateRecord> found = await tables.Ledger().ListExpiringAsync(Day, Day, Cancellation).ToListAsync(Cancellation);

        Assert.Single(found);
        Assert.Equal(1, (await moved.Value).RemindersSpread);
    }

    private static CertificateAddition Addition(int serial, out IssuedBefore certificate)
    {
        certificate = new IssuedBefore("before", serial, RealCertificate.EcKey());
        return new CertificateAddition(Some.Record("before", serial) with
        {
            CertificatePem = certificate.Pem,
            PublicKeyHash = certificate.PublicKeyHash,
            IssuerKeyId = RealCertificate.IssuerKeyId,
        })
        { Key = certificate.Key };
    }

    private static Dictionary<string, AttributeValue> UnderItsDay(CertificateRecord record) =>
        new(RowItem.Of(record)) { ["ReminderDay"] = RowItemTests.Text("2030-01-31") };

    private static Task<UpdateItemResponse> PutUnderItsDayAsync(TestTables tables, RowId row) => tables.Client.UpdateItemAsync(
        new UpdateItemRequest
        {
            TableName = tables.Names.Certificates,
            Key = new() { ["CommonName"] = RowItemTests.Text(row.CommonName), ["SerialNumber"] = RowItemTests.Text(row.SerialNumber.ToString()) },
            UpdateExpression = "SET ReminderDay = :day",
            ExpressionAttributeValues = new() { [":day"] = RowItemTests.Text("2030-01-31") },
        },
        Cancellation);

    private static Task<MigrationReport> Migrate(TestTables tables, bool apply) =>
        new MigrateTables(tables.Client, tables.Names, TimeProvider.System).RunAsync(apply, null, Cancellation);
}
