using Microsoft.Extensions.Logging.Abstractions;
using ServerlessCA.Core.Functions;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Lambda;

namespace ServerlessCA.Server.Tests.Lambda;

/// <summary>Events whose callers do not wait.</summary>
public sealed class EventQueueTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public void Events_that_wait_are_counted_in_bytes()
    {
        var queue = new EventQueue(NobodysTurn());

        int taken = Enumerable.Range(0, 1200).Count(_ => queue.TryAdd(Event(MiB)));

        Assert.Equal(EventQueue.MaxBytes / MiB, taken);
    }

    [Fact]
    public void Small_events_are_counted_by_number()
    {
        var queue = new EventQueue(NobodysTurn());

        int taken = Enumerable.Range(0, 1200).Count(_ => queue.TryAdd(Event(2)));

        Assert.InRange(taken, 1000, 1001); // perhaps one is out of the queue, and waits for its turn
    }

    [Fact]
    public async Task What_was_done_makes_room()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        var runner = new FunctionRunner(new InvokeFunction(server.Ca), TimeSpan.FromMinutes(1), maxAtOnce: 1, server.Ca.Clock, NullLogger.Instance);
        for (int round = 0; round < 2; round++)
        {
            var queue = new EventQueue(runner);
            Assert.True(queue.TryAdd(Event((int)EventQueue.MaxBytes)));
            await queue.DisposeAsync(); // once it is done
            Assert.Equal(0, queue.WaitingBytes);
        }
    }

    private static FunctionRunner NobodysTurn() => new(null!, TimeSpan.FromMinutes(1), maxAtOnce: 0, TimeProvider.System, NullLogger.Instance);

    private static FunctionCall Event(int size) => new("id", CaFunction.TlsCert, new byte[size], Caller.Anonymous);
}
