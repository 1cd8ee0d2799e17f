using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Ports;
using Xunit;

namespace ServerlessCA.Contracts.Faults;

public sealed class FaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lost_write_leaves_nothing_and_may_be_repeated()
    {
        var memory = new MemoryLedger();
        var ledger = new FaultyLedger(memory, new FaultPlan(Fault.WriteLost, nth: 2));
        await ledger.AddAsync(Some.Addition("first"), Cancellation);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.AddAsync(Some.Addition("second"), Cancellation));
        Assert.Single(memory.Records);

        Assert.Equal(AddOutcome.Added, await ledger.AddAsync(Some.Addition("second"), Cancellation));
        Assert.Equal(2, memory.Records.Count);
    }

    [Fact]
    public async Task A_write_reported_lost_is_done_and_repeating_it_is_safe()
    {
        var memory = new MemoryLedger();
        var ledger = new FaultyLedger(memory, new FaultPlan(Fault.WriteDoneButReportedLost, nth: 1));

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.AddAsync(Some.Addition(), Cancellation));
        Assert.Single(memory.Records);

        Assert.Equal(AddOutcome.Added, await ledger.AddAsync(Some.Addition(), Cancellation));
        Assert.Single(memory.Records);
    }

    [Fact]
    public async Task One_plan_counts_the_writes_of_all_ports()
    {
        var plan = new FaultPlan(Fault.WriteLost, nth: 3);
        var ledger = new FaultyLedger(new MemoryLedger(), plan);
        var files = new FaultyPublishedFiles(new MemoryPublishedFiles(), plan);
        var notifier = new FaultyNotifier(new MemoryNotifier(), plan);
        await ledger.AddAsync(Some.Addition(), Cancellation);
        await files.PublishAsync(new PublishedFile("a", "text/plain", new byte[1]), null, Cancellation);
        await ledger.FindByNameAsync("a", Cancellation);

        await Assert.ThrowsAsync<NotDeliveredException>(() => notifier.DeliverAsync(Some.Event(), Cancellation));

        Assert.True(plan.Happened);
        Assert.Equal((3, 1), (plan.Writes, plan.Reads));
    }

    [Fact]
    public async Task A_failed_read_says_so_once()
    {
        var plan = new FaultPlan(Fault.ReadFailed, nth: 1);
        var files = new FaultyInternalFiles(new MemoryInternalFiles().With("tls.json", "[]"), plan);

        await Assert.ThrowsAsync<FilesUnavailableException>(() => files.ReadAsync("tls.json", Cancellation));

        Assert.NotNull(await files.ReadAsync("tls.json", Cancellation));
    }

    [Fact]
    public async Task A_plan_of_nothing_only_counts()
    {
        var plan = FaultPlan.None();
        var keys = new FaultyKeys(new MemoryKeys().With("ca", Core.Keys.KeySpec.EccNistP256), plan);

        ICaKey? key = await keys.FindAsync("ca", Cancellation);
        await key!.SignAsync(Some.Content([1]), Cancellation);

        Assert.Equal((1, 1, false), (plan.Writes, plan.Reads, plan.Happened));
    }
}
