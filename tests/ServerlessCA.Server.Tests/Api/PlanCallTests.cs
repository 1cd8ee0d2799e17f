using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Server.Tests.Api;

/// <summary>Checks the call that plans: for whom it plans, and that nobody holds up all others.</summary>
public sealed class PlanCallTests
{
    [Fact]
    public async Task A_plan_of_a_request_knows_reserved_names_as_the_request_does_and_a_plan_of_a_list_is_that_of_a_run()
    {
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithEverything);
        await server.UseTlsAsync();
        string request = Calls.Request("boss.example.com");

        JsonElement direct = await EntryAsync(server, $$"""{"Request":{{request}}}""");
        JsonElement listed = await EntryAsync(server, $$"""{"Tls":[{{request}}]}""");
        Reply requested = await server.Http.ApiAsync("POST", "/certificates", request, ApiCalls.RequestTokenText);

        Assert.Equal("Refuse", direct.GetProperty("Plan").GetString());
        Assert.Equal(requested.Json.GetProperty("error").GetString(), direct.GetProperty("Message").GetString());
        Assert.Equal(requested.Json.GetProperty("code").GetString(), direct.GetProperty("Code").GetString());
        Assert.Equal("Issue", listed.GetProperty("Plan").GetString());
    }

    [Fact]
    public async Task A_plan_that_takes_too_long_ends_and_those_that_wait_for_it_come_again_later()
    {
        var clock = new WatchedClock();
        SlowLedger? ledger = null;
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithTokens, clock, ca => ca with { Ledger = ledger = new SlowLedger(ca.Ledger) });
        ledger!.IsSlow = true;

        Task<Reply> first = PlanAsync(server, """{"Tls":[]}""");
        await ledger.Waiting.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Task begun = clock.NextTimer();
        Task<Reply> second = PlanAsync(server, """{"Tls":[]}""");
        await begun.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(31));
        Reply waited = await second;
        Assert.False(first.IsCompleted);
        clock.Advance(TimeSpan.FromMinutes(5));
        Reply slow = await first;
        ledger.IsSlow = false;

        Assert.Equal(((503, "busy"), "Another plan is made now.", "10"), (waited.Refusal(), waited.Said(), waited.Headers["retry-after"]));
        Assert.Equal(((503, "busy"), "The plan took more than 5 minutes: plan fewer entries at once, or on the machine of the CA."), (slow.Refusal(), slow.Said()));
        (await PlanAsync(server, """{"Tls":[]}""")).Ok();
    }

    private static async Task<JsonElement> EntryAsync(RunningServer server, string body) =>
        (await PlanAsync(server, body)).Ok().Json.GetProperty("Entries")[0];

    private static Task<Reply> PlanAsync(RunningServer server, string body) => server.Http.ApiAsync("POST", "/plan", body, ApiCalls.RequestTokenText);

    /// <summary>A clock that says when a call begins to wait for its turn, which nobody outside sees.</summary>
    private sealed class WatchedClock() : FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 12, 0, 0, TimeSpan.Zero))
    {
        private TaskCompletionSource? next;

        public Task NextTimer() => (next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            next?.TrySetResult();
            return timer;
        }
    }

    /// <summary>A ledger whose reads wait while it is slow, until nobody wants the answer any more.</summary>
    private sealed class SlowLedger(ICertificateLedger inner) : ForwardingLedger(inner)
    {
        private readonly TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsSlow { get; set; }

        public Task Waiting => waiting.Task;

        public override async Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation)
        {
            if (IsSlow)
            {
                waiting.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            }

            return await base.FindByNameAsync(commonName, cancellation);
        }
    }
}
