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

        // Sent and killed before it was noted: once a killed run at most.
        Assert.InRange(sent.Count - sent.Distinct().Count(), 0, Rounds);
    }

    private TimeSpan Moment() => TimeSpan.FromMilliseconds(moments.Next(1, 120));
}
