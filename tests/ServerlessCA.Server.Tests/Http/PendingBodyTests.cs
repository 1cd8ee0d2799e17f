using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Tests.Http;

/// <summary>Reads bodies of callers who are not admitted yet: their signature is checked only once the body is
/// there.</summary>
public sealed class PendingBodyTests
{
    private const int MiB = 1024 * 1024;
    private const int Largest = 6 * MiB;

    private static readonly IPAddress Somebody = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress SomebodyElse = IPAddress.Parse("192.0.2.2");

    private readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task Bodies_of_callers_who_are_not_admitted_come_out_of_one_budget()
    {
        RequestBodies bodies = Bodies(share: 1);
        var callers = new List<SlowCaller>();
        for (int i = 0; i < 16; i++)
        {
            var caller = new SlowCaller(Somebody, MiB);
            callers.Add(caller);
            caller.Read(bodies.ReadPendingAsync(caller.Request, Largest, caller.Gone));
            await caller.SendAsync(MiB - 1);
        }

        Assert.Equal(16 * MiB, bodies.Pending);
        using var late = new SlowCaller(SomebodyElse, MiB);
        late.Read(bodies.ReadPendingAsync(late.Request, Largest, late.Gone));
        await late.SendAsync(1);
        Assert.Equal((429, "TooManyRequestsException"), await late.FaultAsync());

        foreach (SlowCaller caller in callers)
        {
            await caller.LeaveAsync();
        }

        Assert.Equal(0, bodies.Pending);
    }

    [Fact]
    public async Task Memory_is_taken_as_bytes_arrive_not_as_they_are_announced()
    {
        RequestBodies bodies = Bodies(share: 1);
        var caller = new SlowCaller(Somebody, MiB);
        caller.Read(bodies.ReadPendingAsync(caller.Request, Largest, caller.Gone));

        Assert.Equal(0, bodies.Pending);
        await caller.SendAsync(1);
        Assert.Equal(ReceivedBody.BlockSize, bodies.Pending);
        await caller.SendAsync(ReceivedBody.BlockSize);
        Assert.Equal(2 * ReceivedBody.BlockSize, bodies.Pending);
        await caller.LeaveAsync();
        Assert.Equal(0, bodies.Pending);
    }

    [Fact]
    public async Task One_address_has_a_part_of_the_budget()
    {
        RequestBodies bodies = Bodies(share: 0.25);
        var callers = new List<SlowCaller>();
        for (int i = 0; i < 4; i++)
        {
            callers.Add(new SlowCaller(Somebody, MiB));
            callers[i].Read(bodies.ReadPendingAsync(callers[i].Request, Largest, callers[i].Gone));
            await callers[i].SendAsync(MiB - 1);
        }

        using var same = new SlowCaller(Somebody, 1);
        same.Read(bodies.ReadPendingAsync(same.Request, Largest, same.Gone));
        await same.SendAsync(1);
        using var other = new SlowCaller(SomebodyElse, 1);
        other.Read(bodies.ReadPendingAsync(other.Request, Largest, other.Gone));
        await other.SendAsync(1);

        Assert.Equal(429, (await same.FaultAsync())?.Status);
        Assert.Null(await other.FaultAsync());
        foreach (SlowCaller caller in callers)
        {
            await caller.LeaveAsync();
        }
    }

    [Fact]
    public async Task A_body_that_takes_too_long_is_ended_and_gives_its_memory_back()
    {
        RequestBodies bodies = Bodies(share: 1);
        using var caller = new SlowCaller(Somebody, MiB);
        caller.Read(bodies.ReadPendingAsync(caller.Request, Largest, caller.Gone));
        await caller.SendAsync(1);

        clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal((408, "RequestTimeoutException"), await caller.FaultAsync());
        Assert.Equal(0, bodies.Pending);
    }

    [Fact]
    public async Task A_caller_who_is_admitted_takes_nothing_of_the_budget()
    {
        RequestBodies bodies = Bodies(share: 1);
        using var caller = new SlowCaller(Somebody, Largest);
        caller.Read(bodies.ReadAsync(caller.Request, Largest, caller.Gone));
        await caller.SendAsync(Largest);
        await caller.EndAsync();

        Assert.Null(await caller.FaultAsync());
        Assert.Equal(0, bodies.Pending);
    }

    [Fact]
    public async Task What_was_sent_is_what_is_read_and_what_is_hashed()
    {
        RequestBodies bodies = Bodies(share: 1);
        byte[] sent = [.. Enumerable.Range(0, (2 * ReceivedBody.BlockSize) + 7).Select(i => (byte)(i % 251))];
        var request = new DefaultHttpContext { Connection = { RemoteIpAddress = Somebody } };
        request.Request.Body = new MemoryStream(sent);

        using ReceivedBody body = await bodies.ReadPendingAsync(request.Request, Largest, TestContext.Current.CancellationToken);

        Assert.Equal(sent, body.ToMemory().ToArray());
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(sent), body.Digest());
        Assert.True(bodies.TryAdmit(body));
        Assert.Equal(0, bodies.Pending);
    }

    private RequestBodies Bodies(double share) => new(share, TimeSpan.FromSeconds(30), clock);

    /// <summary>A caller that sends bytes when the test says so, and waits until they were read.</summary>
    private sealed class SlowCaller : IDisposable
    {
        private readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));
        private readonly CancellationTokenSource gone = new();
        private Task<ReceivedBody>? reading;

        public SlowCaller(IPAddress address, long announced)
        {
            var context = new DefaultHttpContext { Connection = { RemoteIpAddress = address } };
            context.Features.Set<Microsoft.AspNetCore.Http.Features.IRequestBodyPipeFeature>(new OfPipe(pipe.Reader));
            context.Request.ContentLength = announced;
            Request = context.Request;
        }

        public HttpRequest Request { get; }

        public CancellationToken Gone => gone.Token;

        public void Dispose() => gone.Dispose();

        public void Read(Task<ReceivedBody> read) => reading = read;

        public async Task SendAsync(int count)
        {
            // A refused body is not read to its end.
            await Task.WhenAny(pipe.Writer.WriteAsync(new byte[count], TestContext.Current.CancellationToken).AsTask(), reading!);
            if (count == 1 && Request.ContentLength == 1)
            {
                await EndAsync();
            }
        }

        public async Task EndAsync() => await pipe.Writer.CompleteAsync();

        public async Task LeaveAsync()
        {
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading!);
            Dispose();
        }

        public async Task<(int Status, string Type)?> FaultAsync()
        {
            using ReceivedBody body = await reading!.WaitAsync(TestContext.Current.CancellationToken);
            return body.Fault is { } fault ? (fault.Status, fault.Type) : null;
        }
    }

    private sealed class OfPipe(PipeReader reader) : Microsoft.AspNetCore.Http.Features.IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }
}
