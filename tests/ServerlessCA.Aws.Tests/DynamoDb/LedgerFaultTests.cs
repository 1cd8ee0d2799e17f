using System.Globalization;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.DynamoDb;

/// <summary>Every request of every call goes wrong in every way, once.</summary>
public sealed class LedgerFaultTests
{
    private const int MaxRequests = 30; // of one call; more would be a loop

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Reads => [.. LedgerOperation.Reads.Select(operation => operation.Name)];

    public static TheoryData<string> Writes => [.. LedgerOperation.Writes.Select(operation => operation.Name)];

    public static TheoryData<string> Numbers => [.. LedgerOperation.Numbers.Select(operation => operation.Name)];

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task A_read_that_fails_says_so_and_can_be_repeated(string name)
    {
        LedgerOperation operation = LedgerOperation.Reads.Single(read => read.Name == name);
        (string expected, _, int requests) = await WithoutFaultAsync(operation);

        await EachAsync(requests, [ServiceFault.Lost, ServiceFault.DoneButAnswerLost, ServiceFault.Throttled], async (fault, nth) =>
        {
            await using var world = await World.CreateAsync(operation, retries: 0);
            world.Proxy.Fail(fault, nth: nth);

            LedgerUnavailableException error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => operation.Run(world.Ledger, Cancellation));

            Assert.True(error.NothingWasStored);
            Assert.Contains(world.Tables.Names.Certificates[^4..], error.Message, StringComparison.Ordinal);
            Assert.Equal(expected, await operation.Run(world.Ledger, Cancellation));
        });
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_write_that_fails_is_repeated_by_its_caller_and_stores_the_same(string name)
    {
        LedgerOperation operation = LedgerOperation.Writes.Single(write => write.Name == name);
        (_, string seen, int requests) = await WithoutFaultAsync(operation);

        await EachAsync(requests, [ServiceFault.Lost, ServiceFault.DoneButAnswerLost], async (fault, nth) =>
        {
            await using var world = await World.CreateAsync(operation, retries: 0);
            world.Proxy.Fail(fault, nth: nth);

            LedgerUnavailableException error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => operation.Run(world.Ledger, Cancellation));
            await operation.Run(world.Ledger, Cancellation);

            Assert.Equal(1, world.Proxy.Failed);
            Assert.Contains("cannot be reached", error.Message, StringComparison.Ordinal);
            Assert.Equal(seen, await LedgerOperation.SeenAsync(world.Ledger, Cancellation));
        });
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_fault_that_passes_is_not_seen_at_all(string name)
    {
        LedgerOperation operation = LedgerOperation.Writes.Single(write => write.Name == name);
        (string expected, string seen, int requests) = await WithoutFaultAsync(operation);

        await EachAsync(requests, [ServiceFault.Lost, ServiceFault.DoneButAnswerLost, ServiceFault.Throttled], async (fault, nth) =>
        {
            await using var world = await World.CreateAsync(operation, retries: 3);
            world.Proxy.Fail(fault, nth: nth);

            Assert.Equal($"{fault} {nth}: {expected}", $"{fault} {nth}: {await operation.Run(world.Ledger, Cancellation)}");

            Assert.Equal(1, world.Proxy.Failed);
            Assert.Equal(seen, await LedgerOperation.SeenAsync(world.Ledger, Cancellation));
        });
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task A_number_whose_answer_was_lost_is_skipped_and_never_given_again(string name)
    {
        LedgerOperation operation = LedgerOperation.Numbers.Single(number => number.Name == name);
        (string expected, _, int requests) = await WithoutFaultAsync(operation);

        await EachAsync(requests, [ServiceFault.Lost, ServiceFault.DoneButAnswerLost], async (fault, nth) =>
        {
            await using var world = await World.CreateAsync(operation, retries: 0);
            world.Proxy.Fail(fault, nth: nth);

            await Assert.ThrowsAsync<LedgerUnavailableException>(() => operation.Run(world.Ledger, Cancellation));

            long given = long.Parse(await operation.Run(world.Ledger, Cancellation), CultureInfo.InvariantCulture);
            Assert.InRange(given, long.Parse(expected, CultureInfo.InvariantCulture), long.Parse(expected, CultureInfo.InvariantCulture) + 1);
        });
    }

    private static async Task<(string Result, string Seen, int Requests)> WithoutFaultAsync(LedgerOperation operation)
    {
        await using var world = await World.CreateAsync(operation, retries: 0);
        string result = await operation.Run(world.Ledger, Cancellation);
        int requests = world.Proxy.Calls.Count;
        Assert.InRange(requests, 1, MaxRequests);
        return (result, await LedgerOperation.SeenAsync(world.Ledger, Cancellation), requests);
    }

    private static Task EachAsync(int requests, ServiceFault[] faults, Func<ServiceFault, int, Task> run) => Task.WhenAll(
        faults.SelectMany(fault => Enumerable.Range(1, requests).Select(nth => run(fault, nth))));

    /// <summary>Tables in which an operation was prepared, with a proxy before them.</summary>
    private sealed class World(FaultProxy proxy, TestTables tables, DynamoDbLedger ledger) : IAsyncDisposable
    {
        public FaultProxy Proxy => proxy;

        public TestTables Tables => tables;

        public ICertificateLedger Ledger => ledger;

        public static async Task<World> CreateAsync(LedgerOperation operation, int retries)
        {
            var proxy = await FaultProxy.StartAsync(await DynamoDbEmulator.AddressAsync());
            TestTables tables = await TestTables.CreateAsync(Cancellation, proxy.Address, retries);
            DynamoDbLedger ledger = tables.Ledger();
            await operation.Prepare(ledger, Cancellation);
            proxy.Clear();
            return new World(proxy, tables, ledger);
        }

        public async ValueTask DisposeAsync()
        {
            tables.Dispose();
            await proxy.DisposeAsync();
        }
    }
}
