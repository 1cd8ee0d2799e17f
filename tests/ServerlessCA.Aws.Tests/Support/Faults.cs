using System.Collections.Concurrent;
using System.Net;

namespace ServerlessCA.Aws.Tests.Support;

/// <summary>Makes the next attempts of a session fail: lost before they arrive, done with the answer lost, or
/// refused.</summary>
internal sealed class Faults
{
    private readonly ConcurrentQueue<Func<Func<Task<HttpResponseMessage>>, CancellationToken, Task<HttpResponseMessage>>> plan = new();
    private int attempts;

    /// <summary>The number of attempts so far.</summary>
    public int Attempts => attempts;

    /// <summary>Wraps a transport, as <see cref="AwsSettings.Transport"/> needs it.</summary>
    public Func<HttpMessageHandler, HttpMessageHandler> Transport => transport => new Handler(this, transport);

    /// <summary>Lets the next attempts pass.</summary>
    public Faults Pass(int times = 1) => Plan(times, (send, _) => send());

    /// <summary>Loses the next attempts before they arrive.</summary>
    public Faults Lose(int times = 1) => Plan(times, (_, _) => throw new HttpRequestException("lost on the way"));

    /// <summary>Lets the next attempts be carried out, and loses their answers.</summary>
    public Faults LoseAnswer(int times = 1) => Plan(times, async (send, _) =>
    {
        using HttpResponseMessage answer = await send();
        throw new HttpRequestException("answer lost on the way back");
    });

    /// <summary>Answers the next attempts.</summary>
    public Faults Answer(HttpStatusCode status, string body, int times = 1) => Plan(times, (_, _) =>
        Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body) }));

    /// <summary>Lets the next attempts wait for an answer until their timeout.</summary>
    public Faults Hang(int times = 1) => Plan(times, async (_, cancellation) =>
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        throw new InvalidOperationException("waits for ever");
    });

    /// <summary>Lets the next attempts be carried out, and breaks their answers off in the middle.</summary>
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
