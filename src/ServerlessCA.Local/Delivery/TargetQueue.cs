using System.Globalization;
using System.Text.Json;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Delivery;

/// <summary>Does one run through the waiting events of one target. The folder's lock keeps two runs from working at
/// once.</summary>
internal sealed class TargetQueue(
    string folder, IDeliveryTarget target, Undelivered undelivered, TimeProvider clock, DeliveryRetryPolicy retry)
{
    private int delivered;
    private int givenUp;
    private string? problem;

    /// <summary>Sends until all events are sent, the target is unavailable, or the time is over.</summary>
    public async Task<TargetReport> DrainAsync(CancellationToken cancellation)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                using FolderLock turn = await FolderLock.TakeAsync(folder, TimeSpan.Zero, cancellation);
                AtomicFile.DeleteLeftovers(folder, clock.GetUtcNow());
                await DrainAsync(PendingFile.In(folder, retry.RunsInFront), cancellation);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            problem = OneLine.Of($"'{folder}' is in use by another run or cannot be used: {fault.Message}");
        }
        catch (OperationCanceledException)
        {
            // The time was over before this target was reached.
        }

        return new TargetReport(target.Name, delivered, Waiting(), givenUp, problem);
    }

    private async Task DrainAsync(IReadOnlyList<PendingFile> waiting, CancellationToken cancellation)
    {
        for (int at = 0; at < waiting.Count; at++)
        {
            if (!File.Exists(waiting[at].Path))
            {
                continue; // a person took it away
            }

            DeliveryOutcome? outcome = await SendAsync(waiting[at], cancellation);
            if (outcome is null)
            {
                return;
            }

            Settle(waiting[at], outcome);
            if (outcome.Result == DeliveryResult.Unavailable)
            {
                GiveUpOld(waiting.Skip(at + 1), outcome.Reason);
                return;
            }
        }
    }

    // Null: the time is over; the event waits on as if it had not been tried.
    private async Task<DeliveryOutcome?> SendAsync(PendingFile file, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return null;
        }

        try
        {
            return await SendAsync(EventFile.Read(file.Path), cancellation);
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            return DeliveryOutcome.Refused($"'{file.Path}' cannot be read as an event: {fault.Message}");
        }
    }

    private async Task<DeliveryOutcome?> SendAsync(QueuedEvent queued, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(retry.AttemptTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            // A target that ignores the token, or blocks its thread, is left behind.
            return await Task.Run(() => target.SendAsync(queued, either.Token), either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            return DeliveryOutcome.Unavailable(string.Create(
                CultureInfo.InvariantCulture, $"cut off after {retry.AttemptTimeout.TotalSeconds} s without an answer"));
        }
        catch (Exception fault)
        {
            // Whatever a target does, the other targets and the CA go on.
            return DeliveryOutcome.Unavailable($"{fault.GetType().Name}: {fault.Message}");
        }
    }

    private void Settle(PendingFile file, DeliveryOutcome outcome)
    {
        if (outcome.Result == DeliveryResult.Delivered)
        {
            delivered++;
            File.Delete(file.Path); // if killed before this, the event is delivered again: at least once
            return;
        }

        problem = outcome.Reason;
        if (IsOld(file))
        {
            GiveUp(file, outcome.Reason);
        }
        else
        {
            File.Move(file.Path, file.NextPath(), overwrite: true);
        }
    }

    private void GiveUpOld(IEnumerable<PendingFile> rest, string reason)
    {
        foreach (PendingFile file in rest.Where(IsOld))
        {
            GiveUp(file, reason);
        }
    }

    private void GiveUp(PendingFile file, string reason)
    {
        undelivered.Add(file.Path, target.Id, target.Name, reason);
        givenUp++;
    }

    // A file without a date in its name is never old: a person put it there.
    private bool IsOld(PendingFile file) => file.Queued is { } queued && clock.GetUtcNow() - queued > retry.MaxAge;

    private int Waiting()
    {
        try
        {
            return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json").Count() : 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return 0; // the problem is reported instead
        }
    }
}

/// <summary>Stands for a target that is no longer in the settings. Its events are stored until they are too old, in
/// case the target comes back, and then given up.</summary>
internal sealed class RemovedTarget(string id) : IDeliveryTarget
{
    public string Id => id;

    public string Name => id;

    public Task<DeliveryOutcome> SendAsync(QueuedEvent queued, CancellationToken cancellation) => Task.FromResult(
        DeliveryOutcome.Unavailable("no target of the setting notifications has this name: set it again or delete its folder below outbox/pending"));
}

/// <summary>The folder of events that were given up. Each file names the target and the last error, for a person to
/// look at. To retry one, move it back into <c>pending/{target}</c>.</summary>
/// <param name="folder">Created with the first event.</param>
/// <param name="clock">Dates the files.</param>
internal sealed class Undelivered(string folder, TimeProvider clock)
{
    /// <summary>Moves a waiting event into the folder. If this is interrupted, the event is in both folders, never in
    /// none.</summary>
    /// <exception cref="IOException">The event cannot be moved and stays.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied, and the event stays.</exception>
    public void Add(string path, string targetId, string targetName, string error)
    {
        DurableFolder.Create(folder, Access.OwnerFolder);
        string name = $"{Path.GetFileNameWithoutExtension(path)}-{targetId}.json";
        try
        {
            byte[] content = EventFile.Write(
                EventFile.Read(path), ("Target", targetName), ("Error", error), ("GivenUp", EventFile.Text(clock.GetUtcNow())));
            AtomicFile.Replace(Path.Combine(folder, name), content, Access.OwnerFile);
            File.Delete(path);
        }
        catch (JsonException)
        {
            // No event: the file stays as it is, under a name that nothing reads as an event.
            File.Move(path, Path.Combine(folder, $"{name}.unreadable"), overwrite: true);
        }
    }
}
