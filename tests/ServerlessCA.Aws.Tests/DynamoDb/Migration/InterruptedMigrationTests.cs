using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Aws.DynamoDb.Migration;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.DynamoDb.Migration;

/// <summary>Checks migrations that fail half-way, run beside other writers, or must not begin.</summary>
public sealed class InterruptedMigrationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ServiceFault.Lost)]
    [InlineData(ServiceFault.DoneButAnswerLost)]
    public async Task A_run_that_failed_anywhere_is_repeated_and_ends_as_an_undisturbed_one(ServiceFault fault)
    {
        byte[] key = RealCertificate.EcKey();
        byte[] other = RealCertificate.EcKey();
        Dictionary<string, AttributeValue>[] rows = [new IssuedBefore("a", 1, key).Item(Some.Time), new IssuedBefore("b", 2, other).Item(Some.Time)];
        using TestTables undisturbed = await TestTables.CreateAsync(Cancellation);
        await undisturbed.PutAsync(rows, Cancellation);
        await new MigrateTables(undisturbed.Client, undisturbed.Names, new FakeTimeProvider()).RunAsync(apply: true, null, Cancellation);
        string expected = await undisturbed.ContentAsync(Cancellation);

        const int Requests = 11; // two tables, time to live, scan, keys, two writes a row, and the mark, which is read and written
        for (int nth = 1; nth <= Requests; nth++)
        {
            await using FaultProxy proxy = await FaultProxy.StartAsync(await DynamoDbEmulator.AddressAsync());
            using TestTables tables = await TestTables.CreateAsync(Cancellation, proxy.Address);
            await tables.PutAsync(rows, Cancellation);
            proxy.Clear();
            proxy.Fail(fault, nth: nth);
            var migrate = new MigrateTables(tables.Client, tables.Names, new FakeTimeProvider());
            await Assert.ThrowsAsync<LedgerUnavailableException>(() => migrate.RunAsync(apply: true, null, Cancellation));

            MigrationReport report = await migrate.RunAsync(apply: true, null, Cancellation);

            Assert.True(report.IsComplete);
            Assert.Equal($"{nth}: {expected}", $"{nth}: {await tables.ContentAsync(Cancellation)}");
        }
    }

    [Fact]
    public async Task A_row_that_changed_meanwhile_is_left_alone_and_reported()
    {
        await using FaultProxy proxy = await FaultProxy.StartAsync(await DynamoDbEmulator.AddressAsync());
        using TestTables tables = await TestTables.CreateAsync(Cancellation, proxy.Address);
        using TestTables direct = tables.At(await DynamoDbEmulator.AddressAsync());
        byte[] key = RealCertificate.EcKey();
        var row = new IssuedBefore("a", 1, key);
        await tables.PutAsync([row.Item(Some.Time, ("NotifyExpiry", new() { BOOL = true }))], Cancellation);
        string? silenced = null;
        proxy.Before = async call =>
        {
            if (call.Action == "UpdateItem" && silenced is null)
            {
                await direct.PutAsync([row.Item(Some.Time, ("NotifyExpiry", new() { BOOL = false }))], Cancellation);
                silenced = await direct.ContentAsync(Cancellation);
            }
        };

        var migrate = new MigrateTables(tables.Client, tables.Names, new FakeTimeProvider());
        MigrationReport first = await migrate.RunAsync(apply: true, null, Cancellation);
        Assert.Equal((0L, 1L, false), (first.RowsFilled, first.RowsChanged, first.IsComplete));
        Assert.Equal(silenced, await tables.ContentAsync(Cancellation));

        Assert.True((await migrate.RunAsync(apply: true, null, Cancellation)).IsComplete);
        Assert.DoesNotContain("ReminderDay", await tables.ContentAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_used_meanwhile_goes_to_the_younger_certificate()
    {
        await using FaultProxy proxy = await FaultProxy.StartAsync(await DynamoDbEmulator.AddressAsync());
        using TestTables tables = await TestTables.CreateAsync(Cancellation, proxy.Address);
        using TestTables direct = tables.At(await DynamoDbEmulator.AddressAsync());
        byte[] key = RealCertificate.EcKey();
        var row = new IssuedBefore("a", 1, key);
        await tables.PutAsync([row.Item(Some.Time.AddDays(-1))], Cancellation);
        bool used = false;
        proxy.Before = async call =>
        {
            if (call.Action == "PutItem" && !used)
            {
                used = true;
                Assert.Equal(AddOutcome.Added, await direct.Ledger().AddAsync(Some.Addition("live") with { Key = row.Key }, Cancellation));
            }
        };

        MigrationReport report = await new MigrateTables(tables.Client, tables.Names, new FakeTimeProvider()).RunAsync(apply: true, null, Cancellation);

        Assert.True(used && report.IsComplete);
        Assert.Equal("live", (await direct.Ledger().FindKeyAsync(row.Key, Cancellation))?.Holder.CommonName);
    }

    [Fact]
    public async Task Live_traffic_goes_on_beside_a_migration_of_many_pages()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        const int Rows = 700; // about 1.4 MB: two pages
        await tables.PutAsync(Enumerable.Range(1, Rows).Select(_ => RealCertificate.EcKey()).Select((fresh, place) =>
            new IssuedBefore($"many-{place % 5}", place + 1, fresh).Item(Some.Time, ("Padding", RowItemTests.Text(new string('x', 1000))))), Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        var progress = new Progress();

        Task<MigrationReport> migrating = new MigrateTables(tables.Client, tables.Names, new FakeTimeProvider()).RunAsync(apply: true, progress, Cancellation);
        AddOutcome[] issued = await Task.WhenAll(Enumerable.Range(1, 50).Select(serial => ledger.AddAsync(Some.Addition("live", serial), Cancellation)));
        RevokeOutcome revoked = await ledger.RevokeAsync(new RowId("many-0", SerialNumber.Of(1)), new(Some.Time), null, null, Cancellation);
        MigrationReport report = await migrating;

        Assert.All(issued, outcome => Assert.Equal(AddOutcome.Added, outcome));
        Assert.Equal(RevokeOutcome.Revoked, revoked);
        Assert.Equal((Rows, Rows), (report.RowsFilled, report.KeysReserved));
        Assert.InRange(progress.Reports.Count, 7, 8);
        List<CertificateRecord> rows = await ledger.ListAsync(Cancellation).ToListAsync(Cancellation);
        Assert.Equal(Rows + 50, (await ledger.ListReservedAsync(Cancellation).ToListAsync(Cancellation)).Distinct().Count());
        Assert.All(rows, row => Assert.NotNull(row.PublicKeyHash));
        Assert.Single(rows, row => row.Revoked is not null);
    }

    [Fact]
    public async Task Tables_that_are_not_as_they_should_be_are_not_touched()
    {
        Uri address = await DynamoDbEmulator.AddressAsync();
        using AmazonDynamoDBClient client = TestTables.ClientOf(address);
        MigrationReport none = await new MigrateTables(client, new LedgerTables("NoTable", "NoIndexTable"), new FakeTimeProvider()).RunAsync(apply: true, null, Cancellation);

        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        MigrationReport swapped = await new MigrateTables(client, new LedgerTables(tables.Names.Index, tables.Names.Certificates), new FakeTimeProvider()).RunAsync(apply: true, null, Cancellation);
        await client.UpdateTimeToLiveAsync(
            new() { TableName = tables.Names.Index, TimeToLiveSpecification = new() { AttributeName = "ExpiresAt", Enabled = false } }, Cancellation);
        MigrationReport eternal = await new MigrateTables(client, tables.Names, new FakeTimeProvider()).RunAsync(apply: true, null, Cancellation);

        Assert.Equal(["The table 'NoTable' does not exist", "The table 'NoIndexTable' does not exist"], none.TableFaults.Select(fault => fault.Split(':')[0]));
        Assert.Contains("instead of CommonName/SerialNumber: it is another table", swapped.TableFaults[0], StringComparison.Ordinal);
        Assert.Contains("time to live is off", Assert.Single(eternal.TableFaults), StringComparison.Ordinal);
        Assert.Equal((0L, 0L, 0L), (none.RowsRead, swapped.RowsRead, eternal.RowsRead));
    }

    private sealed class Progress : IMigrationObserver
    {
        public List<MigrationReport> Reports { get; } = [];

        public void Advanced(MigrationReport soFar) => Reports.Add(soFar);
    }
}
