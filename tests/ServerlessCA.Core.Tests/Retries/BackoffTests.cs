using ServerlessCA.Core.Retries;
using Xunit;

namespace ServerlessCA.Core.Tests.Retries;

public sealed class BackoffTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_wait_doubles_with_every_failure_up_to_the_longest()
    {
        var backoff = new Backoff(Second) { Longest = 10 * Second };

        Assert.Equal([1, 2, 4, 8, 10, 10], Enumerable.Range(1, 6).Select(failures => backoff.After(failures).TotalSeconds));
    }

    [Fact]
    public void However_many_failures_there_were_a_wait_is_never_longer_than_the_longest()
    {
        Assert.Equal(10 * Second, (new Backoff(Second) { Longest = 10 * Second }).After(int.MaxValue));
        Assert.Equal(TimeSpan.MaxValue, new Backoff(Second).After(int.MaxValue));
        Assert.Equal(Second / 2, (new Backoff(Second) { Longest = Second / 2 }).After(1));
    }

    [Theory]
    [InlineData(0, 0, 4)]
    [InlineData(0, 1, 4)]
    [InlineData(0.5, 0, 2)]
    [InlineData(0.5, 0.5, 3)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 0.25, 1)]
    [InlineData(1, 1, 4)]
    public void Chance_decides_the_part_of_a_wait_that_is_left_to_it(double jitter, double chance, double seconds) =>
        Assert.Equal(seconds * Second, (new Backoff(Second) { Jitter = jitter }).After(3, chance));

    [Fact]
    public void Chance_of_a_text_is_the_same_each_time_and_spreads_different_texts()
    {
        double[] chances = [.. Enumerable.Range(0, 1000).Select(caller => Backoff.ChanceOf($"caller {caller}"))];

        Assert.Equal(chances[7], Backoff.ChanceOf("caller 7"));
        Assert.All(chances, chance => Assert.InRange(chance, 0, 0.9999999999));
        Assert.InRange(chances.Count(chance => chance < 0.5), 400, 600);
    }

    [Fact]
    public void Without_a_failure_there_is_no_wait_to_ask_for() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff(Second).After(0));
}
