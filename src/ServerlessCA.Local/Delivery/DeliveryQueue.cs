using System.Text.Json;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Delivery;

/// <summary>Events on their way to targets, one folder a target: <c>pending/{target}</c> below the outbox. An event waits
/// until its target has it, so each is delivered at least once, and a target that fails costs the others nothing. Given
/// up ones go to <c>undelivered</c>. Can be used by several processes at once.</summary>
public sealed class DeliveryQueue
{
    private readonly string pending;
    private readonly IReadOnlyList<IDeliveryTarget> targets;
    private readonly TimeProvider clock;
    private readonly DeliveryRetryPolicy retry;
    private readonly Undelivered undelivered;

    /// <summary>A queue below a folder.</summary>
    /// <param name="outbox">The outbox; folders are made when the first event comes.</param>
    /// <param name="targets">Whom to tell.</param>
    /// <param name="clock">Dates events and times attempts.</param>
    /// <param name="retry">How long to try.</param>
    /// <exception cref="ArgumentException">Two targets with the same id.</exception>
    public DeliveryQueue(string outbox, IReadOnlyList<IDeliveryTarget> targets, TimeProvider clock, DeliveryRetryPolicy? retry = null)
    {
        if (targets.DistinctBy(target => target.Id, StringComparer.OrdinalIgnoreCase).Count() < targets.Count)
        {
            throw new ArgumentException("two targets have the same id", nameof(targets));
        }

        pending = Path.Combine(outbox, "pending");
        undelivered = new Undelivered(UndeliveredFolder(outbox), clock);
        this.targets = targets;
        this.clock = clock;
        this.retry = retry ?? new DeliveryRetryPolicy();
    }

    /// <summary>Where events go that were given up; it is made with the first of them.</summary>
    /// <param name="outbox">The outbox.</param>
    public static string UndeliveredFolder(string outbox) => Path.Combine(outbox, "undelivered");

    /// <summary>Puts an event into the queue of every target, durably. An event that waits already is not added again.</summary>
    /// <exception cref="NotDeliveredException">The disk failed; the event may wait for some of the targets. Safe to repeat.</exception>
    public async Task EnqueueAsync(Notification notification, CancellationToken cancellation)
    {
        if (targets.Count == 0)
        {
            return;
        }

        try
        {
            DurableFolder.Create(pending, Access.OwnerFolder);
            using FolderLock turn = await FolderLock.TakeAsync(pending, FolderLock.Timeout, cancellation);
            Write(notification);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new NotDeliveredException(
                $"'{notification.Subject}' cannot be queued in '{pending}': {error.Message.TrimEnd('.')}. Check the disk and who may write there.",
                error);
        }
    }

    /// <summary>Sends what waits, to all targets at once: oldest first. Whatever the targets do, it ends in time and
    /// throws nothing.</summary>
    /// <param name="budget">How long; what was not reached waits for the next run.</param>
    /// <param name="cancellation">Ends the run early.</param>
    public async Task<DeliveryReport> DrainAsync(TimeSpan budget, CancellationToken cancellation)
    {
        using var over = new CancellationTokenSource(budget, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellation);
        IReadOnlyList<IDeliveryTarget> removed = RemovedTargets();
        TargetReport[] reports = await Task.WhenAll(targets.Concat(removed).Select(target => new TargetQueue(
            Path.Combine(pending, target.Id), target, undelivered, clock, retry).DrainAsync(either.Token)));
        return new DeliveryReport([.. reports.Take(targets.Count), .. reports.Skip(targets.Count).Where(report => report.Waiting + report.GivenUp > 0)]);
    }

    private void Write(Notification notification)
    {
        DateTimeOffset now = clock.GetUtcNow();
        using JsonDocument message = JsonDocument.Parse(notification.Json);
        byte[] content = EventFile.Write(new QueuedEvent(notification.Id, notification.Subject, now, message.RootElement));
        string digits = EventFile.DigitsOf(notification.Id);
        foreach (IDeliveryTarget target in targets)
        {
            string folder = Path.Combine(pending, target.Id);
            DurableFolder.Create(folder, Access.OwnerFolder);
            if (!Directory.EnumerateFiles(folder, PendingFile.PatternOf(digits)).Any())
            {
                AtomicFile.Create(Path.Combine(folder, PendingFile.NameOf(now, digits)), content, Access.OwnerFile);
            }
        }
    }

    private IReadOnlyList<IDeliveryTarget> RemovedTargets()
    {
        try
        {
            return Directory.Exists(pending)
                ? [.. Directory.EnumerateDirectories(pending).Select(folder => Path.GetFileName(folder))
                    .Where(id => !targets.Any(target => string.Equals(target.Id, id, StringComparison.OrdinalIgnoreCase)))
                    .Order(StringComparer.Ordinal).Select(id => new RemovedTarget(id))]
                : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return []; // the targets themselves report it
        }
    }
}

/// <summary>How long the queue tries. Immutable. The numbers are our decision.</summary>
public sealed record DeliveryRetryPolicy
{
    /// <summary>For one event at one target; who hangs longer is cut off. Longer than a Slack client's own retry.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>An event that fails when it is older than this is given up.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(30);

    /// <summary>An event that failed in so many runs lets the others pass: one that a target can never take must not
    /// stand before them for a month.</summary>
    public int RunsInFront { get; init; } = 3;
}

/// <summary>What a run of the queue did. Immutable.</summary>
/// <param name="Targets">One for each target, in the order of the settings; then one for each target that is no longer
/// in the settings and still has events waiting.</param>
public sealed record DeliveryReport(IReadOnlyList<TargetReport> Targets)
{
    /// <summary>Whether nothing waits and nothing went wrong.</summary>
    public bool IsComplete => Targets.All(target => target is { Waiting: 0, GivenUp: 0, Problem: null });
}

/// <summary>What a run did for one target. Immutable.</summary>
/// <param name="Target">Its name, for people.</param>
/// <param name="Delivered">Events that it has now.</param>
/// <param name="Waiting">Events that the next run tries.</param>
/// <param name="GivenUp">Events that were put into <c>undelivered</c>.</param>
/// <param name="Problem">The last thing that went wrong; null when nothing did.</param>
public sealed record TargetReport(string Target, int Delivered, int Waiting, int GivenUp, string? Problem);
