using System.Collections.Concurrent;
using ServerlessCA.Local.Delivery;

namespace ServerlessCA.Local.Tests.Delivery;

/// <summary>A target that remembers what it was told, and does with each event what the test says.</summary>
internal sealed class FakeTarget(string id, Func<QueuedEvent, CancellationToken, Task<DeliveryOutcome>>? answer = null) : IDeliveryTarget
{
    private readonly ConcurrentQueue<QueuedEvent> received = new();

    public string Id => id;

    public string Name => $"target {id}";

    /// <summary>Every attempt, in order.</summary>
    public IReadOnlyList<QueuedEvent> Received => [.. received];

    public IEnumerable<string> Ids => received.Select(one => one.Id);

    public static FakeTarget Answering(string id, Func<QueuedEvent, DeliveryOutcome> answer) =>
        new(id, (received, _) => Task.FromResult(answer(received)));

    public Task<DeliveryOutcome> SendAsync(QueuedEvent received, CancellationToken cancellation)
    {
        this.received.Enqueue(received);
        return answer?.Invoke(received, cancellation) ?? Task.FromResult(DeliveryOutcome.Delivered);
    }
}
