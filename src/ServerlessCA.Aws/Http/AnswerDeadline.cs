namespace ServerlessCA.Aws.Http;

/// <summary>Ends an attempt that has waited for its answer long enough.</summary>
internal sealed class AnswerDeadline : IAsyncDisposable
{
    private readonly CancellationTokenSource source;
    private readonly SignedCall call;
    private readonly TimeProvider clock;
    private readonly Task running;

    /// <summary>Begins to wait.</summary>
    public AnswerDeadline(SignedCall call, TimeSpan limit, TimeProvider clock, CancellationToken cancellation)
    {
        source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        (this.call, this.clock, Limit) = (call, clock, limit);
        running = RunAsync();
    }

    /// <summary>Cancelled when the limit has passed, or when the caller cancels.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>How long is waited, as far as that is known.</summary>
    public TimeSpan Limit { get; private set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await source.CancelAsync();
        await running;
        source.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            TimeSpan first = Limit;
            await Task.Delay(first, clock, Token);
            if (call.WholeLimit is { } ask && await ask(Token) is var whole && whole > first)
            {
                Limit = whole;
                await Task.Delay(whole - first, clock, Token);
            }

            await source.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The answer is there, or nobody waits for it any more.
        }
    }
}
