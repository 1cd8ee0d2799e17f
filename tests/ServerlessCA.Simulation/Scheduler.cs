namespace ServerlessCA.Simulation;

/// <summary>Runs all clients of a schedule in one thread. Whatever waits to go on is in one list, and a random generator picks
/// which goes first: the same seed makes the same schedule.</summary>
/// <param name="random">Picks.</param>
/// <param name="burst">The chance, in percent, that the last one that became ready goes on.</param>
internal sealed class Scheduler(Random random, int burst) : SynchronizationContext
{
    private readonly List<(SendOrPostCallback Callback, object? State)> ready = [];

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) => ready.Add((d, state));

    /// <summary>Starts clients and runs them until none can go on: each has ended or died.</summary>
    /// <exception cref="InvalidOperationException">They never end.</exception>
    public void Run(IEnumerable<Func<Task>> clients)
    {
        const int MaxTurns = 200_000; // our decision: a schedule has some thousands
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            Task[] running = [.. clients.Select(start => start())];
            for (int turns = 0; ready.Count > 0; turns++)
            {
                if (turns == MaxTurns)
                {
                    throw new InvalidOperationException($"the clients do not end within {MaxTurns} turns");
                }

                int pick = random.Next(100) < burst ? ready.Count - 1 : random.Next(ready.Count);
                (SendOrPostCallback callback, object? state) = ready[pick];
                ready.RemoveAt(pick);
                callback(state);
            }

            foreach (Task failed in running.Where(task => task.IsFaulted))
            {
                failed.GetAwaiter().GetResult();
            }
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Carries a call out at once, with all its awaits, so that no other client sees a part of it: what a store does as
    /// one transaction. Also waits for stores that answer from another thread.</summary>
    public static T Atomic<T>(Func<Task<T>> call)
    {
        SynchronizationContext? before = Current;
        var pump = new Pump();
        SetSynchronizationContext(pump);
        try
        {
            Task<T> task = call();
            task.ContinueWith(_ => pump.Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            pump.RunUntil(task);
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private sealed class Pump : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Callback, object? State)> ready = new();

        public override void Post(SendOrPostCallback d, object? state)
        {
            lock (ready)
            {
                ready.Enqueue((d, state));
                Monitor.PulseAll(ready);
            }
        }

        public void Wake()
        {
            lock (ready)
            {
                Monitor.PulseAll(ready);
            }
        }

        public void RunUntil(Task task)
        {
            while (true)
            {
                (SendOrPostCallback Callback, object? State) next;
                lock (ready)
                {
                    while (ready.Count == 0)
                    {
                        if (task.IsCompleted)
                        {
                            return;
                        }

                        Monitor.Wait(ready);
                    }

                    next = ready.Dequeue();
                }

                next.Callback(next.State);
            }
        }
    }
}
