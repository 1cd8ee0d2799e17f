using Amazon.Runtime;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Simulation;

/// <summary>Decides what happens to each call of one client, or to each request of its ledger: it passes, fails, is done without an answer, is done twice, or the
/// client dies before or after it. Between calls every other client may go on.</summary>
/// <param name="world">The world of the schedule.</param>
/// <param name="client">The name of the client, for the trace.</param>
internal sealed class Chaos(World world, string client)
{
    private bool dead;

    /// <summary>Carries out a call of a port.</summary>
    /// <param name="port">The name of the call, for the trace.</param>
    /// <param name="writes">Whether it changes something.</param>
    /// <param name="call">Calls the store.</param>
    /// <param name="failure">Makes the exception of the port; true: nothing was stored.</param>
    public async Task<T> CallAsync<T>(string port, bool writes, Func<Task<T>> call, Func<string, bool, Exception> failure)
    {
        await Task.Yield();
        await WhileDeadAsync();
        Fate fate = world.Draw(writes);
        world.Note(client, port, fate);
        switch (fate)
        {
            case Fate.DieBefore:
                await DieAsync();
                break;
            case Fate.Lost:
                throw failure("simulated: the call was lost", false);
            case Fate.Throttled:
                throw failure("simulated: too many calls", true);
            case Fate.Twice:
                world.Do(call, writes);
                await Task.Yield();
                break;
        }

        T result = world.Do(call, writes);
        switch (fate)
        {
            case Fate.DieAfter:
                await DieAsync();
                break;
            case Fate.AnswerLost:
                throw failure("simulated: the answer was lost", false);
            case Fate.AgainLater:
                _ = AgainAsync(port, call);
                break;
        }

        await Task.Yield();
        await WhileDeadAsync();
        return result;
    }

    // The network delivers a copy of the request long after its answer; whatever comes of it, nobody hears.
    private async Task AgainAsync<T>(string port, Func<Task<T>> call)
    {
        for (int turns = world.Random.Next(1, 60); turns > 0; turns--)
        {
            await Task.Yield();
        }

        world.Note("network", port, Fate.AgainLater);
        try
        {
            world.Do(call, writes: true);
        }
        catch (Exception fault) when (fault is LedgerUnavailableException or FilesUnavailableException or AmazonServiceException)
        {
            // Nobody waits for the answer.
        }
    }

    private async Task DieAsync()
    {
        dead = true;
        await WhileDeadAsync();
    }

    // A dead client never goes on, nor does anything that it does at the same time.
    private Task WhileDeadAsync() => dead ? new TaskCompletionSource().Task : Task.CompletedTask;
}

/// <summary>Names what happens to a call.</summary>
internal enum Fate
{
    Pass,
    DieBefore,
    DieAfter,
    Lost,
    AnswerLost,
    Throttled,

    /// <summary>An adapter tries again after an answer that was lost: the client gets the second answer.</summary>
    Twice,

    /// <summary>The client gets the first answer, and the call arrives once more later.</summary>
    AgainLater,
}
