using System.Collections.Concurrent;

namespace ServerlessCA.Local.Files;

/// <summary>Does together what waits together: while one group is worked on, the next one gathers. Each caller is answered when its group
/// is done.</summary>
/// <param name="run">Works on a group, of one or more.</param>
internal sealed class GroupedTurns<T>(Func<IReadOnlyList<T>, Task> run)
{
    private readonly ConcurrentQueue<(T Item, TaskCompletionSource Done)> waiting = new();
    private int isRunning; // 1 while somebody works on groups

    /// <summary>Has an item done.</summary>
    /// <param name="item">What is done; it belongs to the group from now on.</param>
    /// <param name="cancellation">Stops waiting; the item may be done nevertheless.</param>
    public async Task RunAsync(T item, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Enqueue((item, done));
        if (Interlocked.Exchange(ref isRunning, 1) == 0)
        {
            _ = Task.Run(RunGroupsAsync, CancellationToken.None);
        }

        await done.Task.WaitAsync(cancellation);
    }

    private async Task RunGroupsAsync()
    {
        do
        {
            while (!waiting.IsEmpty)
            {
                await RunGroupAsync();
            }

            Volatile.Write(ref isRunning, 0);
        }
        while (!waiting.IsEmpty && Interlocked.Exchange(ref isRunning, 1) == 0); // one may have come before the flag fell
    }

    private async Task RunGroupAsync()
    {
        var group = new List<(T Item, TaskCompletionSource Done)>();
        while (waiting.TryDequeue(out (T Item, TaskCompletionSource Done) next))
        {
            group.Add(next);
        }

        try
        {
            await run([.. group.Select(one => one.Item)]);
            group.ForEach(one => one.Done.SetResult());
        }
#pragma warning disable CA1031 // it is thrown where the item was handed in
        catch (Exception error)
#pragma warning restore CA1031
        {
            group.ForEach(one => one.Done.SetException(error));
        }
    }
}
