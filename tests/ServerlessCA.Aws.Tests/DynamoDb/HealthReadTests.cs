using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Contracts;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.DynamoDb;

/// <summary>Checks that <c>health</c> reads in pages: at most one call more for every 100 certificates.</summary>
public sealed class HealthReadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_makes_at_most_one_call_for_every_100_certificates_and_still_finds_the_key_whose_row_is_gone()
    {
        var calls = new Dictionary<int, int>();
        var units = new Dictionary<int, double>();
        foreach (int rows in (int[])[0, 2_000])
        {
            using TestTables tables = await TestTables.CreateAsync(Cancellation);
            CertificateRecord[] all = [.. Rows(rows)];
            await tables.PutAsync(all.Skip(1).Select(RowItem.Of), Cancellation); // the first one was deleted by hand
            await ReserveAsync(tables, all);
            using var meter = new CapacityMeter();
            using AmazonDynamoDBClient client = TestTables.ClientOf(await DynamoDbEmulator.AddressAsync(), http: new MeteredHttp(meter));

            IReadOnlyList<HealthFinding> found = await new CheckHealth(
                DeploymentOn(new DynamoDbLedger(client, tables.Names, TimeProvider.System))).RunAsync(Cancellation);

            Assert.Equal(
                rows == 0 ? "every reserved key has its certificate" : "1 keys are reserved for rows that are gone: rows were deleted by hand; direct requests with these keys stay refused",
                found.Single(finding => finding.Check == "reservations").Message);
            Assert.DoesNotContain(meter.Calls, call => call.Action is "GetItem" or "BatchGetItem");
            (calls[rows], units[rows]) = (meter.Calls.Count, meter.ReadUnits);
        }

        int more = calls[2_000] - calls[0];
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"2,000 certificates: {more} calls and {units[2_000] - units[0]} read units more than none ({calls[0]} calls)"));
        Assert.InRange(more, 1, 2_000 / 100);
        Assert.InRange(calls[0], 1, 30); // both CAs, the reservations, one day of reminders in nine values, eight shards of events
    }

    private static Deployment DeploymentOn(ICertificateLedger ledger) => new(
        new CaSettings { Names = new CaNames("serverless", "dev", ["prd", "prod"]) },
        new MemoryKeys(), ledger, new MemoryInternalFiles(), new MemoryPublishedFiles(), new MemoryPublishedFiles(), new MemoryNotifier(),
        new RandomSerialSource(), TimeProvider.System);

    private static IEnumerable<CertificateRecord> Rows(int count)
    {
        string pem = Some.Pem(new string('x', 1_200)); // 2.2 KB in the table, as with an RSA key of 2,048 bits
        for (int number = 1; number <= count; number++)
        {
            yield return Some.Record($"client-{number}.example.test", 1_000_000 + number) with { CertificatePem = pem, NotifyExpiry = null };
        }
    }

    private static async Task ReserveAsync(TestTables tables, IEnumerable<CertificateRecord> rows)
    {
        foreach (CertificateRecord[] batch in rows.Chunk(25)) // the largest BatchWriteItem
        {
            List<WriteRequest> puts = [.. batch.Select(row => new WriteRequest(new PutRequest(
                IndexItems.Claim(Keys.Key(Some.Key(row.CommonName).Hash), RowId.Of(row)))))];
            await tables.Client.BatchWriteItemAsync(new Dictionary<string, List<WriteRequest>> { [tables.Names.Index] = puts }, Cancellation);
        }
    }
}
