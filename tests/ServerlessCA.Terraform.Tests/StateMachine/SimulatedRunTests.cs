using System.Text.Json;
using ServerlessCA.Emulators;

namespace ServerlessCA.Terraform.Tests.StateMachine;

/// <summary>No entry of a list is lost for want of capacity: a new account's Lambda runs 10 calls at once. Retry and
/// concurrency are read from the definition that is deployed.</summary>
public sealed class SimulatedRunTests
{
    private const int Seeds = 20;

    // What every task had before.
    private const string Former = """
        [{"ErrorEquals": ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException"],
          "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 6}]
        """;

    [Theory]
    [InlineData(200)]
    [InlineData(1000)]
    public async Task Ten_at_once_issue_every_entry_of_a_long_list(int entries)
    {
        (RetryPolicy policy, int atOnce) = await DeployedAsync();

        AllIssued(entries, seed => new MapSimulation(seed) { Policy = policy, MaxConcurrency = atOnce, Entries = entries });
    }

    [Fact]
    public async Task Ten_at_once_are_enough_for_the_largest_max_concurrency_and_for_slow_calls()
    {
        (RetryPolicy policy, int atOnce) = await DeployedAsync(maxConcurrency: 1000);
        Assert.Equal(1000, atOnce);

        AllIssued(1000, seed => new MapSimulation(seed) { Policy = policy, MaxConcurrency = atOnce, Entries = 1000 });
        AllIssued(1000, seed => new MapSimulation(seed) { Policy = policy, MaxConcurrency = atOnce, Entries = 1000, Warm = 3, Cold = 6 });
    }

    [Fact]
    public async Task Two_minutes_without_the_ledger_lose_no_entry()
    {
        (RetryPolicy policy, int atOnce) = await DeployedAsync();

        AllIssued(1000, seed => new MapSimulation(seed) { Policy = policy, MaxConcurrency = atOnce, Entries = 1000, Outage = (5, 125) });
        AllIssued(1000, seed => new MapSimulation(seed) { Policy = policy, MaxConcurrency = atOnce, Entries = 1000, Outage = (5, 125), Quota = 1000 });
    }

    // So that the simulation is known to tell a bad policy from a good one.
    [Theory]
    [InlineData(200, 0.0)]
    [InlineData(1000, 0.0)]
    [InlineData(1000, 120.0)]
    public void The_former_policy_loses_entries_in_the_same_simulation(int entries, double outage)
    {
        using var former = JsonDocument.Parse(Former);
        var policy = RetryPolicy.Of(former.RootElement);

        MapSimulation.Figures figures = new MapSimulation(seed: 1)
        {
            Policy = policy, MaxConcurrency = 1000, Entries = entries, Outage = (5, 5 + outage),
        }.Run();

        TestContext.Current.TestOutputHelper?.WriteLine(figures.ToString());
        Assert.Equal(entries, figures.Issued + figures.Lost);
        Assert.True(figures.Lost > entries / 10, figures.ToString());
    }

    private static void AllIssued(int entries, Func<int, MapSimulation> simulation)
    {
        for (int seed = 1; seed <= Seeds; seed++)
        {
            MapSimulation.Figures figures = simulation(seed).Run();

            TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {figures}");
            Assert.True(figures.Issued == entries, $"seed {seed}: {figures}");
        }
    }

    private static async Task<(RetryPolicy Policy, int AtOnce)> DeployedAsync(int maxConcurrency = StateMachineDefinition.DefaultMaxConcurrency)
    {
        StateMachineDefinition.SkipUnlessRunnable();
        StateMachineDefinition definition = await StateMachineDefinition.RenderAsync(
            gitops: true, expiry: true, "acme", "dev", TestContext.Current.CancellationToken, maxConcurrency);
        JsonElement map = JsonElement.Parse(definition.Json).GetProperty("States").GetProperty("Issue certificates");
        JsonElement task = map.GetProperty("ItemProcessor").GetProperty("States").GetProperty("Issue certificate");
        return (RetryPolicy.Of(task.GetProperty("Retry")), map.GetProperty("MaxConcurrency").GetInt32());
    }
}
