using Xunit;

namespace ServerlessCA.Simulation.Kills;

/// <summary>Runs a bounded number of schedules of real processes: docs/architecture/simulation.md.</summary>
public sealed class KillScheduleTests
{
    [Fact]
    public async Task Processes_that_are_killed_at_any_moment_lose_and_double_nothing()
    {
        const int Killed = 5; // schedules of several processes each
        var sum = new KillSum();
        for (int seed = 1; seed <= Killed; seed++)
        {
            KillResult result = await KillSchedule.RunAsync(seed);
            Assert.True(result.Failure is null, result.Failure);
            Assert.All(result.Workers, worker => Assert.True(worker.WasKilled));
            sum.Add(result);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{sum}");
        Assert.True(sum.Issued > 0, $"{sum}: the schedules show too little");
    }
}
