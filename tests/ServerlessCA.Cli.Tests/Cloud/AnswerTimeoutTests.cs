using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Output;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;

namespace ServerlessCA.Cli.Tests.Cloud;

/// <summary>Tests that the command waits for an answer as long as the function may run.</summary>
public sealed class AnswerTimeoutTests
{
    [Theory]
    [InlineData("request", 900, true, 910)]
    [InlineData("request", 60, true, 70)]
    [InlineData("request", 60, false, 910)]
    [InlineData("agent", 600, true, 610)]
    public async Task An_answer_is_waited_for_as_long_as_the_function_may_run(string command, int timeout, bool mayDescribe, int seconds)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 12, 0, 0, TimeSpan.Zero));
        using var session = new Session { Clock = clock, Traits = TerminalTraits.Plain with { Progress = true } };
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        (ca.Functions.TimeoutSeconds, ca.Functions.MayDescribe) = (timeout, mayDescribe);
        var reached = new TaskCompletionSource<DateTimeOffset>(TaskCreationOptions.RunContinuationsAsynchronously);
        ca.Functions.Before = async (context, _) =>
        {
            reached.TrySetResult(clock.GetUtcNow());
            await Task.Delay(Timeout.Infinite, context.RequestAborted); // never answers
            return true;
        };
        string[] options = command == "agent" ? ["agent", "--once", "--patience", "0s"] : ["request"];

        Task<Result> running = session.RunRawAsync([.. options, "--common-name", "a", "--out", session.Certs, "--ca", ca.Location]);
        Result result = await UntilAsync(running, clock, mayAdvance: () => reached.Task.IsCompletedSuccessfully
            && (clock.GetUtcNow() < reached.Task.Result + AnswerTimeout.First || ca.Functions.DescriptionsAnswered > 0));

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains($"no answer from 127.0.0.1 within {seconds} s", result.Error, StringComparison.Ordinal);
        Assert.Contains($"waiting for '{ca.Names.Function("tls-cert")}', which may take {seconds} s", result.Error, StringComparison.Ordinal);
        Assert.Single(ca.Functions.Described); // read once, whatever the number of attempts
    }

    [Fact]
    public async Task Nobody_is_asked_while_answers_come_soon()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();

        (await session.RunRawAsync("request", "--common-name", "a", "--out", session.Certs, "--ca", ca.Location)).Done();

        Assert.Empty(ca.Functions.Described);
    }

    [Fact]
    public async Task An_answer_that_takes_ten_minutes_is_an_answer()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 12, 0, 0, TimeSpan.Zero));
        using var session = new Session { Clock = clock };
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        ca.Functions.TimeoutSeconds = 900;
        DateTimeOffset begun = clock.GetUtcNow();
        ca.Functions.Before = async (context, _) =>
        {
            while (clock.GetUtcNow() < begun.AddMinutes(10))
            {
                await Task.Delay(1, context.RequestAborted);
            }

            return false;
        };

        Task<Result> running = session.RunRawAsync("request", "--common-name", "a", "--out", session.Certs, "--ca", ca.Location);

        (await UntilAsync(running, clock, mayAdvance: () => true)).Done();
        Assert.Single(ca.Functions.Events);
    }

    // Advances the clock while the command waits for what never comes. The clock stands still while an answer is on its way, however
    // slow the machine is.
    private static async Task<Result> UntilAsync(Task<Result> running, FakeTimeProvider clock, Func<bool> mayAdvance)
    {
        while (!running.IsCompleted)
        {
            if (mayAdvance())
            {
                clock.Advance(TimeSpan.FromSeconds(1));
            }

            await Task.WhenAny(running, Task.Delay(1, TestContext.Current.CancellationToken));
        }

        return await running;
    }
}
