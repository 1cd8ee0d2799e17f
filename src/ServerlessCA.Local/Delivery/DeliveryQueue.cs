using System.Text.Json;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Delivery;

/// <summary>Queues events for targets, in one folder for each target: <c>pending/{target}</c> below the outbox. An
/// event waits until its target has it, so each is delivered at least once, and a target that fails does not delay the
/// others. Events that are given up go to <c>undelivered</c>. Several processes can use the queue at once.</summary>
public sealed class DeliveryQueue
{
    private readonly string pending;
    private readonly IReadOnlyList<IDeliveryTarget> targets;
    private readonly TimeProvider clock;
    private readonly DeliveryRetryPolicy retry;
    private readonly Undelivered undelivered;
    private readonly GroupedTurns<Waiting> turns;
    private readonly KnownEvents known = new();

    /// <summary>Makes a queue below a folder.</summary>
    /// <param name="outbox">The outbox. Folders are created with the first event.</param>
    /// <param name="targets">The targets that get every event.</param>
    /// <param name="clock">Dates events and measures timeouts.</param>
    /// <param name="retry">Decides how long events are retried.</param>
    /// <exception cref="ArgumentException">Two targets have the same id.</exception>
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
        turns = new GroupedTurns<Waiting>(WriteAsync);
    }

    /// <summary>Returns the folder of events that were given up; it is created with the first of them.</summary>
    /// <param name="outbox">The outbox.</param>
    public static string UndeliveredFolder(string outbox) => Path.Combine(outbox, "undelivered");

    /// <summary>Adds an event to the queue of every target, durably. An event that waits already is not added
    /// again.</summary>
    /// <exception cref="NotDeliveredException">The disk failed; the event may wait for some of the targets. A retry is
    /// safe.</exception>
    public async Task EnqueueAsync(Notification notification, CancellationToken cancellation)
    {
        if (targets.Count == 0)
        {
            return;
        }

        try
        {
            await turns.RunAsync(WaitingOf(notification, clock.GetUtcNow()), cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new NotDeliveredException(
                $"'{notification.Subject}' cannot be queued in '{pending}': {error.Message.TrimEnd('.')}. Check the disk and who may write there.",
                error);
        }
    }

    /// <summary>Sends the waiting events to all targets at once, oldest first. Whatever the targets do, it ends in time
    /// and throws nothing.</summary>
    /// <param name="budget">The time that it may take; what was not reached waits for the next run.</param>
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

    /// <summary>Returns when each waiting event was queued, UTC, once for each of its targets; changes nothing. An event whose file
    /// another program named counts from now.</summary>
    public IReadOnlyCollection<DateTimeOffset> WaitingSince()
    {
        try
        {
            return Directory.Exists(pending)
                ? [.. Directory.EnumerateDirectories(pending).SelectMany(folder => PendingFile.In(folder, retry.RunsInFront)).Select(file => file.Queued ?? clock.GetUtcNow())]
                : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return []; // the delivery itself reports it
        }
    }

    private Task WriteAsync(IReadOnlyList<Waiting> group) => known.TakeTurnAsync(pending, () =>
    {
        bool isAnyNew = false;
        foreach (Waiting waiting in group)
        {
            isAnyNew |= Write(waiting);
        }

        return isAnyNew;
    });

    private static Waiting WaitingOf(Notification notification, DateTimeOffset now)
    {
        using JsonDocument message = JsonDocument.Parse(notification.Json);
        byte[] content = EventFile.Write(new QueuedEvent(notification.Id, notification.Subject, now, message.RootElement));
        string digits = EventFile.DigitsOf(notification.Id);
        return new Waiting(digits, PendingFile.NameOf(now, digits), content);
    }

    // Says whether a target had no file of the event.
    private bool Write(Waiting waiting)
    {
        bool isNew = false;
        foreach (IDeliveryTarget target in targets)
        {
            string folder = Path.Combine(pending, target.Id);
            DurableFolder.Create(folder, Access.OwnerFolder);
            if (!known.Has(folder, waiting.Id, PendingFile.PatternOf(waiting.Id)))
            {
                AtomicFile.Create(Path.Combine(folder, waiting.FileName), waiting.Content, Access.OwnerFile);
                known.Add(folder, waiting.Id);
                isNew = true;
            }
        }

        return isNew;
    }

    private sealed record Waiting(string Id, string FileName, byte[] Content);

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

/// <summary>Decides how long the queue tries. Immutable. The numbers are our decision.</summary>
public sealed record DeliveryRetryPolicy
{
    /// <summary>The timeout of one event at one target. It is longer than a Slack client's own retries take.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>The age at which an event that fails is given up.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The number of failed runs after which an event lets the others pass: one that a target can never take
    /// must not block them for a month.</summary>
    public int RunsInFront { get; init; } = 3;
}
