using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Simulation.DynamoDb;

/// <summary>Runs a bounded number of schedules over the ledger in DynamoDB: docs/architecture/simulation.md.</summary>
public sealed class DynamoDbScheduleTests
{
    [Fact]
    public async Task Whatever_fails_between_the_requests_of_a_ledger_in_DynamoDB_nothing_is_lost_or_doubled()
    {
        const int OverDynamoDb = 10;
        NodeProgram.SkipUnlessInstalled();
        int faults = 0;
        for (int seed = 1; seed <= OverDynamoDb; seed++)
        {
            using DynamoDbStore store = await DynamoDbStore.CreateAsync();
            ScheduleResult result = Schedule.Run(seed, keepsTrace: false, store);
            Assert.True(result.Failure is null, result.Failure);
            faults += result.Faults;
        }

        Assert.True(faults > OverDynamoDb, $"{faults} faults: the schedules show too little");
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_schedule_over_DynamoDB()
    {
        const int WithFaults = 4;
        NodeProgram.SkipUnlessInstalled();
        using DynamoDbStore first = await DynamoDbStore.CreateAsync();
        using DynamoDbStore second = await DynamoDbStore.CreateAsync();

        ScheduleResult once = Schedule.Run(WithFaults, keepsTrace: true, first);
        ScheduleResult again = Schedule.Run(WithFaults, keepsTrace: true, second);

        Assert.Equal(once.Trace, again.Trace);
    }
}
