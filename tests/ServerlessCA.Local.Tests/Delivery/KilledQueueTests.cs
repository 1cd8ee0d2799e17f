using ServerlessCA.Contracts;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Local.Delivery;
using ServerlessCA.Local.Tests.Processes;
using Xunit;

namespace ServerlessCA.Local.Tests.Delivery;

/// <summary>Processes are killed (SIGKILL) while they queue and while they send.</summary>
[Collection("processes")]
public sealed class KilledQueueTests : IDisposable
{
    private const int Rounds = 6;

    private readonly TemporaryFolder folder = new();
    private readonly Random moments = new(Seed: 2);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_queued_is_sent_at_least_once_and_hardly_more_often()
    {
        var sent = new List<string>();
        var queued = new HashSet<string>();
        for (int round = 0; round < Rounds; round++)
        {
            queued.UnionWith(await ChildProcess.KillAsync(Moment(), "queue-forever", folder.At("outbox"), $"round{round}"));
            sent.AddRange(await ChildProcess.KillAsync(Moment(), "drain-forever", folder.At("outbox")));
        }

        var rest = new FakeTarget(QueueWork.Target);
        DeliveryReport report = await new DeliveryQueue(folder.At("outbox"), [rest], TimeProvider.System)
            .DrainAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        sent.AddRange(rest.Ids);

        Assert.True(report.IsComplete, string.Join(' ', report.Targets));
        Assert.Superset(queued, sent.ToHashSet());

        // Sent and killed before that was stored: at most once in a killed run.
        Assert.InRange(sent.Count - sent.Distinct().Count(), 0, Rounds);
    }

    private TimeSpan Moment() => TimeSpan.FromMilliseconds(moments.Next(1, 120));
}

/// <summary>Works with a queue in another process until it is killed.</summary>
internal static class QueueWork
{
    public const string Target = "t";

    /// <summary>Queues events, and writes the id of each that is queued durably.</summary>
    public static async Task QueueForeverAsync(string folder, string prefix)
    {
        var queue = new DeliveryQueue(folder, [new FakeTarget(Target)], TimeProvider.System);
        for (int index = 0; ; index++)
        {
            await queue.EnqueueAsync(Some.Event($"{prefix}-{index}"), CancellationToken.None);
            Console.WriteLine($"{prefix}-{index}");
        }
    }

    /// <summary>Sends waiting events, and writes the id of each that was sent.</summary>
    public static async Task DrainForeverAsync(string folder)
    {
        var target = FakeTarget.Answering(Target, queued =>
        {
            Console.WriteLine(queued.Id);
            return DeliveryOutcome.Delivered;
        });
        var queue = new DeliveryQueue(folder, [target], TimeProvider.System);
        while (true)
        {
            await queue.DrainAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
            await Task.Delay(1);
        }
    }
}
