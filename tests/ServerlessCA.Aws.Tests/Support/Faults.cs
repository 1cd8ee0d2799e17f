using System.Collections.Concurrent;
using System.Net;

namespace ServerlessCA.Aws.Tests.Support;

/// <summary>Fails the next attempts of a session: lost before they arrive, done with the answer lost, or refused.</summary>
internal sealed class Faults
{
    private readonly ConcurrentQueue<Func<Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>>> plan = new();
    private int attempts;

    /// <summary>Attempts seen so far.</summary>
    public int Attempts => attempts;

    /// <summary>For <see cref="AwsSettings.Transport"/>.</summary>
    public Func<HttpMessageHandler, HttpMessageHandler> Transport => transport => new Handler(this, transport);

    /// <summary>The next attempts pass.</summary>
    public Faults Pass(int times = 1) => Plan(times, send => send());

    /// <summary>The next attempts never arrive.</summary>
    public Faults Lose(int times = 1) => Plan(times, _ => throw new HttpRequestException("lost on the way"));

    /// <summary>The next attempts are done, and their answers are lost.</summary>
    public Faults LoseAnswer(int times = 1) => Plan(times, async send =>
    {
        using HttpResponseMessage answer = await send();
        throw new HttpRequestException("answer lost on the way back");
    });

    /// <summary>The next attempts are answered so.</summary>
    public Faults Answer(HttpStatusCode status, string body, int times = 1) => Plan(times, _ =>
        Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body) }));

    private Faults Plan(int times, Func<Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>> step)
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
                ? step(() => base.SendAsync(request, cancellationToken))
                : base.SendAsync(request, cancellationToken);
        }
    }
}
