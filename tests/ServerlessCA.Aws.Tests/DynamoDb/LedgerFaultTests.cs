using System.Globalization;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.DynamoDb;

/// <summary>Makes every request of every call fail in every way, once.</summary>
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
            await using LedgerWorld world = await LedgerWorld.CreateAsync(operation, retries: 0, Cancellation);
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
            await using LedgerWorld world = await LedgerWorld.CreateAsync(operation, retries: 0, Cancellation);
            world.Proxy.Fail(fault, nth: nth);

            LedgerUnavailableException error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => operation.Run(world.Ledger, Cancellation));
            await operation.Run(world.Ledger, Cancellation);

            Assert.Equal(1, world.Proxy.Failed);
            Assert.Contains("cannot be reached", error.Message, StringComparison.Ordinal);
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
            await using LedgerWorld world = await LedgerWorld.CreateAsync(operation, retries: 0, Cancellation);
            world.Proxy.Fail(fault, nth: nth);

            await Assert.ThrowsAsync<LedgerUnavailableException>(() => operation.Run(world.Ledger, Cancellation));

            long given = long.Parse(await operation.Run(world.Ledger, Cancellation), CultureInfo.InvariantCulture);
            Assert.InRange(given, long.Parse(expected, CultureInfo.InvariantCulture), long.Parse(expected, CultureInfo.InvariantCulture) + 1);
        });
    }

    private static async Task<(string Result, string Seen, int Requests)> WithoutFaultAsync(LedgerOperation operation)
    {
        await using LedgerWorld world = await LedgerWorld.CreateAsync(operation, retries: 0, Cancellation);
        string result = await operation.Run(world.Ledger, Cancellation);
        int requests = world.Proxy.Calls.Count;
        Assert.InRange(requests, 1, MaxRequests);
        return (result, await LedgerOperation.SeenAsync(world.Ledger, Cancellation), requests);
    }

    private static Task EachAsync(int requests, ServiceFault[] faults, Func<ServiceFault, int, Task> run) => Task.WhenAll(
        faults.SelectMany(fault => Enumerable.Range(1, requests).Select(nth => run(fault, nth))));
}
