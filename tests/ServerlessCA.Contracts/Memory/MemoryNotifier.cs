using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Contracts.Memory;

/// <summary>Remembers every delivery, repeats too.</summary>
public sealed class MemoryNotifier : INotifier
{
    private readonly Lock gate = new();
    private readonly List<Notification> delivered = [];

    /// <summary>Lists the deliveries in order.</summary>
    public IReadOnlyList<Notification> Delivered
    {
        get
        {
            lock (gate)
            {
                return [.. delivered];
            }
        }
    }

    public Task DeliverAsync(Notification notification, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            delivered.Add(notification);
        }

        return Task.CompletedTask;
    }
}

/// <summary>Draws serial numbers in order, so that golden files can name them.</summary>
public sealed class SequentialSerials(long first = 1) : ISerialSource
{
    private long next = first - 1;

    public SerialNumber Draw() => SerialNumber.Of(Interlocked.Increment(ref next));
}
