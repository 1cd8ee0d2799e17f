using Microsoft.Extensions.Logging;
using ServerlessCA.Server.Logging;

namespace ServerlessCA.Server.Schedule;

/// <summary>Does something again and again until it is stopped; whatever goes wrong, the next round comes.</summary>
internal sealed class PeriodicWork : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task work;

    /// <summary>Begins.</summary>
    /// <param name="name">For the log.</param>
    /// <param name="look">One round.</param>
    /// <param name="pause">Between two.</param>
    /// <param name="clock">Times the pause.</param>
    /// <param name="log">Told of faults.</param>
    public PeriodicWork(string name, Func<CancellationToken, Task> look, TimeSpan pause, TimeProvider clock, ILogger log) =>
        work = WorkAsync(name, look, pause, clock, log, stop.Token);

    /// <summary>Stops, and waits for the round that goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await work;
        stop.Dispose();
    }

    private static async Task WorkAsync(
        string name, Func<CancellationToken, Task> look, TimeSpan pause, TimeProvider clock, ILogger log, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(pause, clock);
        while (await NextAsync(timer, cancellation))
        {
            try
            {
                await look(cancellation);
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
