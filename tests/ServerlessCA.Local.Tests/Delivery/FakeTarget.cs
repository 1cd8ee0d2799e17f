using System.Collections.Concurrent;
using ServerlessCA.Local.Delivery;

namespace ServerlessCA.Local.Tests.Delivery;

/// <summary>A target that remembers what it was told, and does with each event what the test says.</summary>
internal sealed class FakeTarget(string id, Func<QueuedEvent, CancellationToken, Task<DeliveryOutcome>>? answer = null) : IDeliveryTarget
{
    private readonly ConcurrentQueue<QueuedEvent> told = new();

    public string Id => id;

    public string Name => $"target {id}";

    /// <summary>Every attempt, in order.</summary>
    public IReadOnlyList<QueuedEvent> Told => [.. told];

    public IEnumerable<string> Ids => told.Select(one => one.Id);

    public static FakeTarget Answering(string id, Func<QueuedEvent, DeliveryOutcome> answer) =>
        new(id, (told, _) => Task.FromResult(answer(told)));

    public Task<DeliveryOutcome> SendAsync(QueuedEvent told, CancellationToken cancellation)
    {
        this.told.Enqueue(told);
        return answer?.Invoke(told, cancellation) ?? Task.FromResult(DeliveryOutcome.Delivered);
    }
}
