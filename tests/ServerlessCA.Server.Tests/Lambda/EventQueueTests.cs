using Microsoft.Extensions.Logging.Abstractions;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Lambda;

namespace ServerlessCA.Server.Tests.Lambda;

/// <summary>Sends events whose callers do not wait.</summary>
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

        Assert.InRange(taken, 1000, 1001); // one may have left the queue, and wait for its turn
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
            await queue.DisposeAsync(); // after it is done
            Assert.Equal(0, queue.WaitingBytes);
        }
    }

    [Fact]
    public async Task An_accepted_event_is_done_though_no_more_calls_are_let_in()
    {
        var files = new HeldFiles();
        await using RunningServer server = await RunningServer.StartAsync();
        await new CreateRootCa(server.Ca).RunAsync(TestContext.Current.CancellationToken);
        var invoke = new InvokeFunction(server.Ca with { InternalFiles = files });
        var runner = new FunctionRunner(invoke, TimeSpan.FromMinutes(5), maxAtOnce: 1, server.Ca.Clock, NullLogger.Instance);
        List<Task<FunctionResult?>> calls = [runner.RunAsync(RootCrl())];
        calls.AddRange(Enumerable.Range(1, FunctionRunner.MaxWaiting - 1).Select(_ => runner.RunAsync(Event(2))));
        var queue = new EventQueue(runner);

        Assert.True(queue.TryAdd(RootCrl()));
        Assert.Null(await runner.RunAsync(Event(2)));
        files.Release();
        await queue.DisposeAsync();

        FunctionResult?[] results = await Task.WhenAll(calls);
        Assert.All(results, Assert.NotNull);
        Assert.Equal(2, files.Reads); // that of the call, and that of the event
    }

    private static FunctionRunner NobodysTurn() => new(null!, TimeSpan.FromMinutes(1), maxAtOnce: 0, TimeProvider.System, NullLogger.Instance);

    private static FunctionCall Event(int size) => new("id", CaFunction.TlsCert, new byte[size], Caller.Anonymous);

    private static FunctionCall RootCrl() => new("id", CaFunction.RootCaCrl, "{}"u8.ToArray(), Caller.Anonymous);

    // Publishing a CRL reads the operator's list, which blocks here until the test releases it.
    private sealed class HeldFiles : IInternalFiles
    {
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int reads;

        public int Reads => reads;

        public string Location => "held";

        public void Release() => released.SetResult();

        public async Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation)
        {
            Interlocked.Increment(ref reads);
            await released.Task.WaitAsync(cancellation);
            return null;
        }
    }
}
