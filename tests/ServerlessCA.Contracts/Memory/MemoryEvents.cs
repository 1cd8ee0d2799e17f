using ServerlessCA.Core.Notifications;

namespace ServerlessCA.Contracts.Memory;

/// <summary>Events to tell of, in the order in which they were kept. Its owner locks.</summary>
internal sealed class MemoryEvents
{
    private readonly List<Notification> pending = [];
    private readonly HashSet<string> toldForGood = [];

    public bool Keep(Notification notification, bool onceOnly)
    {
        bool toldBefore = toldForGood.Contains(notification.Id);
        bool keptBefore = pending.Any(kept => kept.Id == notification.Id);
        if (onceOnly)
        {
            toldForGood.Add(notification.Id);
        }

        if (toldBefore || keptBefore)
        {
            return false;
        }

        pending.Add(notification);
        return true;
    }

    public IReadOnlyList<Notification> Pending(int limit) => [.. pending.Take(limit)];

    public bool Drop(string id) => pending.RemoveAll(kept => kept.Id == id) > 0;
}
