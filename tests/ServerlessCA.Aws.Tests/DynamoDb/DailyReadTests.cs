using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Records;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.DynamoDb;

/// <summary>Checks that the reads of a daily run cost only what they find, however large the table is (contract
/// 12.7).</summary>
public sealed class DailyReadTests
{
    private const int Revoked = 20;
    private const int Due = 5;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_daily_run_consumes_the_same_of_1_000_and_of_10_000_rows()
    {
        var reads = new List<string>();
        foreach (int rows in (int[])[1_000, 10_000])
        {
            using TestTables tables = await TestTables.CreateAsync(Cancellation);
            await tables.PutAsync(Rows(rows).Select(RowItem.Of), Cancellation);
            using var meter = new CapacityMeter();
            using AmazonDynamoDBClient client = TestTables.ClientOf(await DynamoDbEmulator.AddressAsync(), http: new MeteredHttp(meter));

            await ReadAsync(new DynamoDbLedger(client, tables.Names, TimeProvider.System));

            Assert.DoesNotContain(meter.Calls, call => call.Action == "Scan" && call.Units > 20); // only the sparse index
            Assert.InRange(meter.ReadUnits, 140, 175); // 31 days of reminders in eight shards, and as earlier versions wrote them
            reads.Add(string.Create(CultureInfo.InvariantCulture, $"{meter.Calls.Count} calls, {meter.ReadUnits} read units"));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(reads[0]);
        Assert.Equal(reads[0], reads[1]);
    }

    [Fact]
    public async Task The_meter_sees_a_whole_table_that_is_read()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        await tables.PutAsync(Rows(1_000).Select(RowItem.Of), Cancellation);
        using var meter = new CapacityMeter();
        using AmazonDynamoDBClient client = TestTables.ClientOf(await DynamoDbEmulator.AddressAsync(), http: new MeteredHttp(meter));
        var ledger = new DynamoDbLedger(client, tables.Names, TimeProvider.System);

        await ledger.ListAsync(Cancellation).ToListAsync(Cancellation);
        Assert.InRange(meter.ReadUnits, 300, 600); // 1,000 rows of about 1.8 KB, at 4 KB a unit

        meter.Reset();
        await ledger.AddAsync(Some.Addition("new"), Cancellation);
        Assert.Equal(("TransactWriteItems", 0), (meter.Calls[0].Action, meter.ReadUnits));
        Assert.InRange(meter.WriteUnits, 4, 8); // two items, twice for the transaction
    }

    // As the state machine's functions do, for a run in which nothing is issued.
    private static async Task ReadAsync(DynamoDbLedger ledger)
    {
        var today = new DateOnly(2030, 3, 1);
        foreach (string name in (string[])["serverless-root-ca-dev", "serverless-issuing-ca-dev"])
        {
            Assert.Single(await ledger.FindByNameAsync(name, Cancellation));
            Assert.Equal(Revoked, await ledger.ListRevokedAsync(Cancellation).CountAsync(Cancellation));
        }

        Assert.Single(await ledger.FindBySerialAsync(SerialNumber.Of(1_000_500), Cancellation));
        await ledger.FindKeyAsync(Some.Key("client-1.example.test/1"), Cancellation);
        Assert.Equal(Due, await ledger.ListExpiringAsync(today, today.AddDays(30), Cancellation).CountAsync(Cancellation));
        Assert.Null(await ledger.FindMarkAsync("expiry", Cancellation));
        Assert.Empty(await ledger.ReadOutboxAsync(100, Cancellation));
    }

    private static IEnumerable<CertificateRecord> Rows(int count)
    {
        yield return Some.CaRecord("serverless-root-ca-dev");
        yield return Some.CaRecord("serverless-issuing-ca-dev", 2);
        string pem = Some.Pem(new string('x', 800));
        for (int number = 3; number <= count; number++)
        {
            bool due = number % (count / Due) == 0;
            yield return Some.Record($"client-{number}.example.test", 1_000_000 + number) with
            {
                CertificatePem = pem,
                Expires = due ? new DateTimeOffset(2030, 3, 10, 12, 0, 0, TimeSpan.Zero) : Some.Time.AddDays(200 + (number % 100)),
                NotifyExpiry = due || number % 2 == 0,
                Revoked = number % (count / Revoked) == (count / Revoked) - 1 ? new CertificateRevocation(Some.Time) : null,
            };
        }
    }
}

/// <summary>Lets the SDK send its calls through a meter.</summary>
internal sealed class MeteredHttp(CapacityMeter meter) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(meter, disposeHandler: false);

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
}
