using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Cli.Agent;

namespace ServerlessCA.Cli.Tests.Agent;

public sealed class AgentStatusTests
{
    // Four calls of a function on AWS that does not answer for the 15 minutes that Lambda lets it run and 10 seconds more,
    // and a command of a minute.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds((4 * 910) + 60);

    [Fact]
    public void The_longest_turn_is_no_reason_to_restart_an_agent_and_twice_that_is()
    {
        var clock = new FakeTimeProvider();
        var status = new AgentStatus(clock);
        status.Beat(null, announced: false, clock.GetUtcNow());

        clock.Advance(LongestTurn);
        Assert.True(status.IsAlive);
        clock.Advance(LongestTurn);
        Assert.False(status.IsAlive);
    }
}
