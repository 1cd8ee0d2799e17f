using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Tests.Support;
using Xunit;

namespace ServerlessCA.Aws.Tests.Http;

/// <summary>Checks how long one attempt waits for its answer, by a clock that the test moves.</summary>
public sealed class AnswerDeadlineTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_callback_after_the_first_limit_decides_how_long_to_wait()
    {
        var clock = new FakeTimeProvider();
        int calls = 0;
        var call = new SignedCall("Invoke", HttpMethod.Post, "", default, null)
        {
            WholeLimit = _ => Task.FromResult(TimeSpan.FromSeconds(910 + calls++)),
        };
        await using var deadline = new AnswerDeadline(call, First, clock, Cancellation);

        clock.Advance(First - TimeSpan.FromTicks(1));
        Assert.Equal(0, calls);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal((1, TimeSpan.FromSeconds(910), false), (calls, deadline.Limit, deadline.Token.IsCancellationRequested));
        clock.Advance(TimeSpan.FromSeconds(910 - 30) - TimeSpan.FromTicks(1));
        Assert.False(deadline.Token.IsCancellationRequested);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(deadline.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Without_anybody_to_ask_the_first_limit_counts()
    {
        var clock = new FakeTimeProvider();
        await using var deadline = new AnswerDeadline(new SignedCall("Invoke", HttpMethod.Post, "", default, null), First, clock, Cancellation);

        clock.Advance(First);

        Assert.True(deadline.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task The_message_says_how_long_was_waited_in_all()
    {
        var clock = new FakeTimeProvider();
        var sent = new TaskCompletionSource();
        using var session = new AwsSession(TestSession.Settings(new Uri("http://127.0.0.1:1"), _ => new Silent(sent)) with
        {
            Clock = clock,
            Retry = new AwsRetryPolicy { Attempts = 1 },
        });
        using SignedHttp http = session.Http(AwsService.Lambda);
        var call = new SignedCall("Invoke", HttpMethod.Post, "", default, null)
        {
            Limit = First,
            WholeLimit = _ => Task.FromResult(TimeSpan.FromSeconds(910)),
        };

        Task<SignedAnswer> answer = http.SendAsync(call, Cancellation);
        await sent.Task.WaitAsync(Cancellation);
        clock.Advance(First);
        clock.Advance(TimeSpan.FromSeconds(910) - First);

        AwsCallException error = await Assert.ThrowsAsync<AwsCallException>(() => answer);
        Assert.EndsWith("within 910 s", error.Message, StringComparison.Ordinal);
        Assert.True(error.MayHaveWorked);
    }

    private sealed class Silent(TaskCompletionSource sent) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            sent.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("waits for ever");
        }
    }
}
