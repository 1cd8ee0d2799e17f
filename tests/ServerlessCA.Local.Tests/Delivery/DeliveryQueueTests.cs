using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Delivery;
using ServerlessCA.Local.Outbox;
using Xunit;

namespace ServerlessCA.Local.Tests.Delivery;

public sealed class DeliveryQueueTests : IDisposable
{
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 2, 10, 20, 30, 250, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_target_gets_every_event_once_oldest_first()
    {
        FakeTarget one = new("one"), two = new("two");
        DeliveryQueue queue = QueueTo(one, two);
        await EnqueueAsync(queue, "z", "a", "m");

        DeliveryReport report = await queue.DrainAsync(Budget, Cancellation);
        await queue.DrainAsync(Budget, Cancellation);

        Assert.Equal(["z", "a", "m"], one.Ids);
        Assert.Equal(["z", "a", "m"], two.Ids);
        Assert.True(report.IsComplete);
        Assert.Equal([new TargetReport("target one", 3, 0, 0, null), new TargetReport("target two", 3, 0, 0, null)], report.Targets);
        Assert.Empty(Waiting("one"));
    }

    [Fact]
    public async Task A_target_that_fails_is_retried_later_and_the_others_are_not()
    {
        bool isDown = true;
        FakeTarget good = new("good");
        var bad = FakeTarget.Answering("bad", _ => isDown ? DeliveryOutcome.Unavailable("it is down") : DeliveryOutcome.Delivered);
        DeliveryQueue queue = QueueTo(bad, good);
        await EnqueueAsync(queue, "a", "b");

        DeliveryReport report = await queue.DrainAsync(Budget, Cancellation);

        Assert.Equal(new TargetReport("target bad", 0, 2, 0, "it is down"), report.Targets[0]);
        Assert.Equal(["a"], bad.Ids); // the rest would fail, too
        isDown = false;
        Assert.True((await QueueTo(bad, good).DrainAsync(Budget, Cancellation)).IsComplete);
        Assert.Equal(["a", "a", "b"], bad.Ids);
        Assert.Equal(["a", "b"], good.Ids);
    }

    [Fact]
    public async Task An_event_that_a_target_refuses_does_not_stop_the_next()
    {
        var picky = FakeTarget.Answering("picky", queued => queued.Id == "a" ? DeliveryOutcome.Refused("too long") : DeliveryOutcome.Delivered);
        DeliveryQueue queue = QueueTo(picky);
        await EnqueueAsync(queue, "a", "b");

        DeliveryReport report = await queue.DrainAsync(Budget, Cancellation);

        Assert.Equal(new TargetReport("target picky", 1, 1, 0, "too long"), Assert.Single(report.Targets));
        Assert.Equal(["a", "b"], picky.Ids);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_target_that_hangs_is_cut_off_and_the_others_are_served(bool heedsToken)
    {
        var hanging = new FakeTarget("hanging", async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, heedsToken ? cancellation : CancellationToken.None);
            return DeliveryOutcome.Delivered;
        });
        var good = new FakeTarget("good");
        var queue = new DeliveryQueue(
            folder.At("outbox"), [hanging, good], TimeProvider.System, new DeliveryRetryPolicy { AttemptTimeout = TimeSpan.FromSeconds(2) });
        await EnqueueAsync(queue, "a", "b");

        DeliveryReport report = await queue.DrainAsync(Budget, Cancellation);

        Assert.Equal(["a", "b"], good.Ids);
        Assert.Equal(new TargetReport("target hanging", 0, 2, 0, "cut off after 2 s without an answer"), report.Targets[0]);
    }

    [Fact]
    public async Task A_target_that_blocks_its_thread_is_left_to_itself()
    {
        using var released = new ManualResetEventSlim();
        var blocking = FakeTarget.Answering("blocking", _ =>
        {
            released.Wait(CancellationToken.None);
            return DeliveryOutcome.Delivered;
        });
        var good = new FakeTarget("good");
        var queue = new DeliveryQueue(
            folder.At("outbox"), [blocking, good], TimeProvider.System, new DeliveryRetryPolicy { AttemptTimeout = TimeSpan.FromSeconds(2) });
        await EnqueueAsync(queue, "a");

        DeliveryReport report = await queue.DrainAsync(Budget, Cancellation);
        released.Set();

        Assert.Equal((1, 1), (report.Targets[0].Waiting, report.Targets[1].Delivered));
    }

    [Fact]
    public async Task Whatever_a_target_throws_is_reported_in_one_line()
    {
        var throwing = FakeTarget.Answering("throwing", _ => throw new InvalidOperationException("bad\r\n\u001b[31mluck"));
        DeliveryQueue queue = QueueTo(throwing);
        await EnqueueAsync(queue, "a");

        DeliveryReport report = await queue.DrainAsync(Budget, Cancellation);

        Assert.Equal("InvalidOperationException: bad   [31mluck", Assert.Single(report.Targets).Problem);
    }

    [Fact]
    public async Task When_the_budget_is_over_the_rest_waits_as_if_untouched()
    {
        var slow = new FakeTarget("slow", async (queued, cancellation) =>
        {
            await Task.Delay(queued.Id == "a" ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, cancellation);
            return DeliveryOutcome.Delivered;
        });
        var queue = new DeliveryQueue(folder.At("outbox"), [slow], TimeProvider.System);
        await EnqueueAsync(queue, "a", "b", "c");
        string[] before = Waiting("slow");

        DeliveryReport report = await queue.DrainAsync(TimeSpan.FromSeconds(3), Cancellation);

        Assert.Equal(new TargetReport("target slow", 1, 2, 0, null), Assert.Single(report.Targets));
        Assert.Equal(before[1..], Waiting("slow"));
    }

    [Fact]
    public async Task A_cancelled_run_ends_without_an_exception()
    {
        var hanging = new FakeTarget("hanging", async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return DeliveryOutcome.Delivered;
        });
        DeliveryQueue queue = QueueTo(hanging);
        await EnqueueAsync(queue, "a");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<DeliveryReport> running = queue.DrainAsync(Budget, stop.Token);
        while (hanging.Received.Count == 0)
        {
            await Task.Delay(5, Cancellation);
        }

        await stop.CancelAsync();

        Assert.Equal(new TargetReport("target hanging", 0, 1, 0, null), Assert.Single((await running).Targets));
    }

    [Fact]
    public async Task An_event_that_fails_in_three_runs_lets_the_others_pass()
    {
        var poisoned = FakeTarget.Answering("poisoned", queued => queued.Id == "a" ? DeliveryOutcome.Unavailable("HTTP 500") : DeliveryOutcome.Delivered);
        DeliveryQueue queue = QueueTo(poisoned);
        await EnqueueAsync(queue, "a", "b", "c");
        for (int run = 0; run < 3; run++)
        {
            Assert.Equal(0, Assert.Single((await queue.DrainAsync(Budget, Cancellation)).Targets).Delivered);
        }

        DeliveryReport report = await queue.DrainAsync(Budget, Cancellation);

        Assert.Equal(new TargetReport("target poisoned", 2, 1, 0, "HTTP 500"), Assert.Single(report.Targets));
        Assert.Equal(["a", "a", "a", "b", "c", "a"], poisoned.Ids);
    }

    [Fact]
    public async Task After_thirty_days_an_event_is_put_aside_with_its_last_error()
    {
        string error = "first error";
        var bad = FakeTarget.Answering("bad", _ => DeliveryOutcome.Unavailable(error));
        DeliveryQueue queue = QueueTo(bad);
        await EnqueueAsync(queue, "a", "b");
        await queue.DrainAsync(Budget, Cancellation);
        clock.Advance(TimeSpan.FromDays(15));
        await EnqueueAsync(queue, "young");
        clock.Advance(TimeSpan.FromDays(15));
        error = "last error";

        DeliveryReport report = await queue.DrainAsync(Budget, Cancellation);

        Assert.Equal(new TargetReport("target bad", 0, 1, 2, "last error"), Assert.Single(report.Targets));
        string[] put = Directory.GetFiles(folder.At("outbox", "undelivered"));
        Assert.Equal(2, put.Length);
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(put.Order(StringComparer.Ordinal).First(), Cancellation));
        Assert.Equal(
            """{"Id":"a","Subject":"Certificate Issued","Time":"2026-03-02T10:20:30.251Z","Target":"target bad","Error":"last error","GivenUp":"2026-04-01T10:20:30.253Z","Message":{"Id of the test":"a"}}""",
            json.RootElement.GetRawText());
        Assert.False((await queue.DrainAsync(Budget, Cancellation)).IsComplete);
    }

    [Fact]
    public async Task An_event_that_was_put_aside_can_be_put_back_by_hand()
    {
        bool isDown = true;
        var target = FakeTarget.Answering("t", _ => isDown ? DeliveryOutcome.Refused("no") : DeliveryOutcome.Delivered);
        DeliveryQueue queue = QueueTo(target);
        await EnqueueAsync(queue, "a");
        clock.Advance(TimeSpan.FromDays(31));
        await queue.DrainAsync(Budget, Cancellation);
        string put = Assert.Single(Directory.GetFiles(folder.At("outbox", "undelivered")));
        File.Move(put, folder.At("outbox", "pending", "t", Path.GetFileName(put)));
        isDown = false;

        Assert.True((await queue.DrainAsync(Budget, Cancellation)).IsComplete);
        Assert.Equal(["a", "a"], target.Ids);
        Assert.Equal("""{"Id of the test":"a"}""", target.Received[1].Message.GetRawText());
    }

    [Fact]
    public async Task Files_that_hold_no_event_are_reported_and_stop_nothing()
    {
        var target = new FakeTarget("t");
        DeliveryQueue queue = QueueTo(target);
        await EnqueueAsync(queue, "a", "b");
        await File.WriteAllTextAsync(Waiting("t")[0], "{\"Id\":", Cancellation);
        await File.WriteAllTextAsync(folder.At("outbox", "pending", "t", "0.json"), """{"Id":"\ud800","Subject":"","Time":"","Message":{}}""", Cancellation);
        await File.WriteAllTextAsync(folder.At("outbox", "pending", "t", ".x.tmp"), "half", Cancellation);

        TargetReport report = Assert.Single((await queue.DrainAsync(Budget, Cancellation)).Targets);

        Assert.Equal((1, 2), (report.Delivered, report.Waiting));
        Assert.Contains("cannot be read as an event", report.Problem!, StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(1, Assert.Single((await queue.DrainAsync(Budget, Cancellation)).Targets).GivenUp);
        Assert.EndsWith(".unreadable", Assert.Single(Directory.GetFiles(folder.At("outbox", "undelivered"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_for_a_target_that_left_the_settings_is_stored_for_its_time()
    {
        await EnqueueAsync(QueueTo(new FakeTarget("old")), "a");
        DeliveryQueue queue = QueueTo(new FakeTarget("new"));

        TargetReport old = (await queue.DrainAsync(Budget, Cancellation)).Targets[1];
        Assert.Equal(("old", 1), (old.Target, old.Waiting));
        Assert.Contains("no target of the setting notifications", old.Problem!, StringComparison.Ordinal);

        clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(1, (await queue.DrainAsync(Budget, Cancellation)).Targets[1].GivenUp);
        Assert.Single((await queue.DrainAsync(Budget, Cancellation)).Targets);
    }

    [Fact]
    public async Task Two_runs_at_once_do_not_send_twice()
    {
        var slow = new FakeTarget("slow", async (_, cancellation) =>
        {
            await Task.Delay(300, cancellation);
            return DeliveryOutcome.Delivered;
        });
        var queue = new DeliveryQueue(folder.At("outbox"), [slow], TimeProvider.System);
        await EnqueueAsync(queue, "a");

        DeliveryReport[] reports = await Task.WhenAll(queue.DrainAsync(Budget, Cancellation), queue.DrainAsync(Budget, Cancellation));

        Assert.Equal(["a"], slow.Ids);
        Assert.Contains(reports, report => report.Targets[0].Problem?.Contains("in use by another run", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public async Task An_event_can_be_queued_while_a_target_hangs()
    {
        var hanging = new FakeTarget("hanging", async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return DeliveryOutcome.Delivered;
        });
        DeliveryQueue queue = QueueTo(hanging);
        await EnqueueAsync(queue, "a");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<DeliveryReport> running = queue.DrainAsync(Budget, stop.Token);
        while (hanging.Received.Count == 0)
        {
            await Task.Delay(5, Cancellation);
        }

        await EnqueueAsync(queue, "b").WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        await stop.CancelAsync();

        Assert.Equal(2, (await running).Targets[0].Waiting);
    }

    [Fact]
    public async Task A_disk_that_fails_is_reported_so_that_the_event_stays_in_the_outbox()
    {
        await File.WriteAllTextAsync(folder.At("outbox"), "a file in the place of the folder", Cancellation);

        NotDeliveredException fault = await Assert.ThrowsAsync<NotDeliveredException>(
            () => QueueTo(new FakeTarget("t")).EnqueueAsync(Some.Event(), Cancellation));

        Assert.Contains("Check the disk", fault.Message, StringComparison.Ordinal);
        Assert.True((await QueueTo(new FakeTarget("t")).DrainAsync(Budget, Cancellation)).IsComplete);
    }

    [Fact]
    public async Task Without_targets_nothing_is_written()
    {
        await QueueTo().EnqueueAsync(Some.Event(), Cancellation);

        Assert.False(Path.Exists(folder.At("outbox")));
        Assert.Empty((await QueueTo().DrainAsync(Budget, Cancellation)).Targets);
    }

    [Fact]
    public async Task Only_the_owner_may_read_what_waits()
    {
        DeliveryQueue queue = QueueTo(new FakeTarget("t"));
        await EnqueueAsync(queue, "a");

        Assert.Equal("600", Modes.Of(Waiting("t")[0]));
        Assert.Equal("700", Modes.Of(folder.At("outbox", "pending", "t")));
    }

    [Fact]
    public void Two_targets_of_one_id_are_a_mistake() =>
        Assert.Throws<ArgumentException>(() => QueueTo(new FakeTarget("t"), new FakeTarget("T")));

    [Fact]
    public async Task The_outbox_folder_and_the_queue_go_together()
    {
        var target = new FakeTarget("t");
        DeliveryQueue queue = QueueTo(target);
        var both = new NotifierSequence(new FolderOutbox(folder.At("outbox"), clock), new QueueNotifier(queue));

        await both.DeliverAsync(Some.Event("a"), Cancellation);
        await both.DeliverAsync(Some.Event("a"), Cancellation);
        await queue.DrainAsync(Budget, Cancellation);

        Assert.Single(Directory.GetFiles(folder.At("outbox"), "*.json"));
        Assert.Equal(["a"], target.Ids);
    }

    [Fact]
    public async Task A_notifier_that_fails_ends_the_turn()
    {
        await File.WriteAllTextAsync(folder.At("file"), "", Cancellation);
        var target = new FakeTarget("t");
        DeliveryQueue queue = QueueTo(target);
        var both = new NotifierSequence(new FolderOutbox(folder.At("file"), clock), new QueueNotifier(queue));

        await Assert.ThrowsAsync<NotDeliveredException>(() => both.DeliverAsync(Some.Event("a"), Cancellation));
        await queue.DrainAsync(Budget, Cancellation);

        Assert.Empty(target.Ids);
    }

    private DeliveryQueue QueueTo(params IReadOnlyList<IDeliveryTarget> targets) => new(folder.At("outbox"), targets, clock);

    private async Task EnqueueAsync(DeliveryQueue queue, params string[] ids)
    {
        foreach (string id in ids)
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            await queue.EnqueueAsync(Some.Event(id), Cancellation);
        }
    }

    private string[] Waiting(string target) =>
        [.. Directory.GetFiles(folder.At("outbox", "pending", target), "*.json").Order(StringComparer.Ordinal)];
}
