using System.Text.Json;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.DynamoDb;

/// <summary>Checks that transient faults are retried: lost and throttled calls by the SDK, conflicts with other writers by the
/// ledger.</summary>
public sealed class LedgerCallsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Writes => [.. LedgerOperation.Writes.Select(operation => operation.Name)];

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_fault_that_passes_is_not_seen_at_all(string name)
    {
        LedgerOperation operation = LedgerOperation.Writes.Single(write => write.Name == name);
        await using LedgerWorld sound = await LedgerWorld.CreateAsync(operation, retries: 0, Cancellation);
        string expected = await operation.Run(sound.Ledger, Cancellation);
        int requests = sound.Proxy.Calls.Count;
        string seen = await LedgerOperation.SeenAsync(sound.Ledger, Cancellation);

        ServiceFault[] faults = [ServiceFault.Lost, ServiceFault.DoneButAnswerLost, ServiceFault.Throttled];
        await Task.WhenAll(faults.SelectMany(fault => Enumerable.Range(1, requests).Select(async nth =>
        {
            await using LedgerWorld world = await LedgerWorld.CreateAsync(operation, retries: 3, Cancellation);
            world.Proxy.Fail(fault, nth: nth);

            Assert.Equal($"{fault} {nth}: {expected}", $"{fault} {nth}: {await operation.Run(world.Ledger, Cancellation)}");

            Assert.Equal(1, world.Proxy.Failed);
            Assert.Equal(seen, await LedgerOperation.SeenAsync(world.Ledger, Cancellation));
        })));
    }

    [Theory]
    [InlineData("TransactionConflict")]
    [InlineData("ThrottlingError")]
    [InlineData("ProvisionedThroughputExceeded")]
    public async Task A_transaction_that_met_another_is_repeated(string reason)
    {
        LedgerOperation add = LedgerOperation.Writes.Single(write => write.Name == "Add");
        await using LedgerWorld world = await LedgerWorld.CreateAsync(add, retries: 0, Cancellation);
        world.Proxy.Answer(Cancelled("None", reason), "TransactWriteItems", times: 3);

        Assert.Equal("Added", await add.Run(world.Ledger, Cancellation));

        Assert.Equal(4, world.Proxy.Calls.Count);
        Assert.Single(world.Proxy.Calls.Select(call => TokenOf(call)).Distinct()); // one token, so it cannot be done twice
    }

    [Fact]
    public async Task A_single_write_that_met_a_transaction_is_repeated()
    {
        LedgerOperation next = LedgerOperation.Numbers[0];
        await using LedgerWorld world = await LedgerWorld.CreateAsync(next, retries: 0, Cancellation);
        world.Proxy.Answer(ServiceAnswer.JsonError("com.amazonaws.dynamodb.v20120810#TransactionConflictException", "Transaction is ongoing for the item"), "UpdateItem", times: 2);

        Assert.Equal("1", await next.Run(world.Ledger, Cancellation));
    }

    [Fact]
    public async Task A_conflict_that_does_not_pass_says_that_nothing_was_stored()
    {
        LedgerOperation add = LedgerOperation.Writes.Single(write => write.Name == "Add");
        await using LedgerWorld world = await LedgerWorld.CreateAsync(add, retries: 0, Cancellation);
        world.Proxy.Answer(Cancelled("TransactionConflict", "None"), times: int.MaxValue);

        LedgerUnavailableException error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => add.Run(world.Ledger, Cancellation));

        Assert.True(error.NothingWasStored);
        Assert.Contains("in use by other writers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throttling_that_does_not_pass_leaves_open_what_was_stored()
    {
        LedgerOperation add = LedgerOperation.Writes.Single(write => write.Name == "Add");
        await using LedgerWorld world = await LedgerWorld.CreateAsync(add, retries: 1, Cancellation);
        world.Proxy.Fail(ServiceFault.DoneButAnswerLost);
        world.Proxy.Fail(ServiceFault.Throttled, nth: 2, times: int.MaxValue);

        LedgerUnavailableException error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => add.Run(world.Ledger, Cancellation));

        Assert.False(error.NothingWasStored);
        Assert.Contains("busy beyond its capacity", error.Message, StringComparison.Ordinal);
        world.Proxy.Clear();
        Assert.Single(await world.Ledger.ListAsync(Cancellation).ToListAsync(Cancellation));
    }

    private static string? TokenOf(ServiceCall call) => JsonDocument.Parse(call.Body).RootElement.GetProperty("ClientRequestToken").GetString();

    private static ServiceAnswer Cancelled(params string[] reasons)
    {
        ServiceAnswer error = ServiceAnswer.JsonError("com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "Transaction cancelled");
        string list = string.Join(',', reasons.Select(reason => $$"""{"Code":"{{reason}}"}"""));
        return error with { Body = error.Body[..^1] + $$""","CancellationReasons":[{{list}}]}""" };
    }
}
