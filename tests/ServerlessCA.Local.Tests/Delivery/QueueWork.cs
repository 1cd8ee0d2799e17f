using ServerlessCA.Contracts;
using ServerlessCA.Local.Delivery;

namespace ServerlessCA.Local.Tests.Delivery;

/// <summary>What another process does with a queue until it is killed.</summary>
internal static class QueueWork
{
    public const string Target = "t";

    /// <summary>Queues events, and writes the id of each that is queued for good.</summary>
    public static async Task QueueForeverAsync(string folder, string prefix)
    {
        var queue = new DeliveryQueue(folder, [new FakeTarget(Target)], TimeProvider.System);
        for (int index = 0; ; index++)
        {
            await queue.EnqueueAsync(Some.Event($"{prefix}-{index}"), CancellationToken.None);
            Console.WriteLine($"{prefix}-{index}");
        }
    }

    /// <summary>Sends what waits, and writes the id of each that was sent.</summary>
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
