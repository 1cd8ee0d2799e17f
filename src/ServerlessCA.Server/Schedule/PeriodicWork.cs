using Microsoft.Extensions.Logging;
using ServerlessCA.Server.Logging;

namespace ServerlessCA.Server.Schedule;

/// <summary>Repeats some work until it is stopped. A failure does not stop it.</summary>
internal sealed class PeriodicWork : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task work;

    /// <summary>Starts the work.</summary>
    /// <param name="name">The name of the work in the log.</param>
    /// <param name="round">Does one round.</param>
    /// <param name="pause">The pause between two rounds.</param>
    /// <param name="clock">Measures the pause.</param>
    /// <param name="log">Gets faults.</param>
    public PeriodicWork(string name, Func<CancellationToken, Task> round, TimeSpan pause, TimeProvider clock, ILogger log) =>
        work = WorkAsync(name, round, pause, clock, log, stop.Token);

    /// <summary>Stops the work, and waits for a running round.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await work;
        stop.Dispose();
    }

    private static async Task WorkAsync(
        string name, Func<CancellationToken, Task> round, TimeSpan pause, TimeProvider clock, ILogger log, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(pause, clock);
        while (await NextAsync(timer, cancellation))
        {
            try
            {
                await round(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                log.Unexpected(name, fault);
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancellation)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
