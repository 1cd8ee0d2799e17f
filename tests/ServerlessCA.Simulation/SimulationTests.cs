using System.Globalization;
using Xunit;

namespace ServerlessCA.Simulation;

/// <summary>Runs a bounded number of random schedules: docs/architecture/simulation.md.</summary>
public sealed class SimulationTests
{
    private const int Schedules = 1500;

    [Fact]
    public void Whatever_clients_do_at_once_and_whatever_fails_nothing_is_lost_or_doubled()
    {
        int calls = 0;
        int faults = 0;
        for (int seed = 1; seed <= Schedules; seed++)
        {
            ScheduleResult result = Schedule.Run(seed);
            Assert.True(result.Failure is null, result.Failure);
            calls += result.Calls;
            faults += result.Faults;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Schedules} schedules, {calls} calls, {faults} faults"));
        Assert.True(calls > 50 * Schedules && faults > Schedules, $"{calls} calls, {faults} faults: the schedules show too little");
    }

    [Fact]
    public void The_same_seed_makes_the_same_schedule()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            ScheduleResult once = Schedule.Run(seed, keepsTrace: true);
            ScheduleResult again = Schedule.Run(seed, keepsTrace: true);

            Assert.Equal(once.Trace, again.Trace);
            Assert.Equal(once.Digest, again.Digest);
        }
    }
}
