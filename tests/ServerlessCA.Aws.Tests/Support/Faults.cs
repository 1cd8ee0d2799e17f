using System.Collections.Concurrent;
using System.Net;

namespace ServerlessCA.Aws.Tests.Support;

/// <summary>Fails the next attempts of a session: lost before they arrive, done with the answer lost, or refused.</summary>
internal sealed class Faults
{
    private readonly ConcurrentQueue<Func<Func<Task<HttpResponseMessage>>, CancellationToken, Task<HttpResponseMessage>>> plan = new();
    private int attempts;

    /// <summary>Attempts seen so far.</summary>
    public int Attempts => attempts;

    /// <summary>For <see cref="AwsSettings.Transport"/>.</summary>
    public Func<HttpMessageHandler, HttpMessageHandler> Transport => transport => new Handler(this, transport);

    /// <summary>The next attempts pass.</summary>
    public Faults Pass(int times = 1) => Plan(times, (send, _) => send());

    /// <summary>The next attempts never arrive.</summary>
    public Faults Lose(int times = 1) => Plan(times, (_, _) => throw new HttpRequestException("lost on the way"));

    /// <summary>The next attempts are done, and their answers are lost.</summary>
    public Faults LoseAnswer(int times = 1) => Plan(times, async (send, _) =>
    {
        using HttpResponseMessage answer = await send();
        throw new HttpRequestException("answer lost on the way back");
    });

    /// <summary>The next attempts are answered so.</summary>
    public Faults Answer(HttpStatusCode status, string body, int times = 1) => Plan(times, (_, _) =>
        Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body) }));

    /// <summary>The next attempts have no answer until they are given up.</summary>
    public Faults Hang(int times = 1) => Plan(times, async (_, cancellation) =>
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        throw new InvalidOperationException("waits for ever");
    });

    /// <summary>The next attempts are done, and their answers break off in the middle.</summary>
    public Faults BreakOff(int times = 1) => Plan(times, async (send, _) =>
    {
        HttpResponseMessage answer = await send();
        var half = new StreamContent(new BrokenStream());
        half.Headers.ContentLength = answer.Content.Headers.ContentLength;
        half.Headers.ContentType = answer.Content.Headers.ContentType;
        answer.Content = half;
        return answer;
    });

    private Faults Plan(int times, Func<Func<Task<HttpResponseMessage>>, CancellationToken, Task<HttpResponseMessage>> step)
    {
        for (int count = 0; count < times; count++)
        {
            plan.Enqueue(step);
        }

        return this;
    }

    private sealed class Handler(Faults faults, HttpMessageHandler transport) : DelegatingHandler(transport)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref faults.attempts);
            return faults.plan.TryDequeue(out var step)
                ? step(() => base.SendAsync(request, cancellationToken), cancellationToken)
                : base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("the connection was closed");

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            throw new IOException("the connection was closed");
    }
}
