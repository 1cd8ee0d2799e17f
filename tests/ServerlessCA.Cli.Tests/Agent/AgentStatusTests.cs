using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Cli.Agent;

namespace ServerlessCA.Cli.Tests.Agent;

public sealed class AgentStatusTests
{
    // Four calls of a function on AWS that does not answer for 190 seconds, and a command of a minute.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds((4 * 190) + 60);

    [Fact]
    public void The_longest_turn_is_no_reason_to_restart_an_agent_and_twice_that_is()
    {
        var clock = new FakeTimeProvider();
        var status = new AgentStatus(clock);
        status.Beat(null, told: false, clock.GetUtcNow());

        clock.Advance(LongestTurn);
        Assert.True(status.IsAlive);
        clock.Advance(LongestTurn);
        Assert.False(status.IsAlive);
    }
}
