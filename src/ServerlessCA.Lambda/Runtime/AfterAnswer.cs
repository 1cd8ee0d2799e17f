using ServerlessCA.Core.Ports;
using ServerlessCA.Lambda.Logging;

namespace ServerlessCA.Lambda.Runtime;

/// <summary>Work that the caller need not wait for: done after the answer was posted and before the next event is asked
/// for, because Lambda may freeze the process from then on. It must be safe to lose.</summary>
internal sealed class AfterAnswer(Log log)
{
    private readonly Queue<Func<CancellationToken, Task>> work = new();

    /// <summary>Keeps work for later.</summary>
    public void Add(Func<CancellationToken, Task> todo)
    {
        lock (work)
        {
            work.Enqueue(todo);
        }
    }

    /// <summary>Does it all; a failure is logged and stops nothing.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (Next() is { } todo)
        {
            try
            {
                await todo(cancellation);
            }
            catch (Exception fault) when (fault is LedgerUnavailableException or OperationCanceledException)
            {
                log.LeftForNextRun(fault.GetType().Name, fault.Message);
            }
        }
    }

    private Func<CancellationToken, Task>? Next()
    {
        lock (work)
        {
            return work.TryDequeue(out Func<CancellationToken, Task>? todo) ? todo : null;
        }
    }
}
