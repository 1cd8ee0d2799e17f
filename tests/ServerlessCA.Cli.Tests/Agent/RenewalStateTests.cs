using ServerlessCA.Cli.Agent;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Renewals;

namespace ServerlessCA.Cli.Tests.Agent;

public sealed class RenewalStateTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Without_a_certificate_it_asks_at_once() => Assert.True(new RenewalState("a").Next(Now) <= Now);

    [Fact]
    public void Waits_double_up_to_five_minutes_and_callers_differ()
    {
        TimeSpan[] waits = [.. Enumerable.Range(1, 40).Select(failures => RetryDelay.After(failures, "a"))];

        Assert.InRange(waits[0], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        Assert.All(waits.Zip(waits.Skip(1)).Take(6), pair => Assert.True(pair.Second > pair.First / 2));
        Assert.All(waits.Skip(8), wait => Assert.InRange(wait, RetryDelay.Longest / 2, RetryDelay.Longest));
        Assert.Equal(20, Enumerable.Range(0, 20).Select(i => RetryDelay.After(5, $"agent {i}")).Distinct().Count());
    }

    [Fact]
    public void A_clock_that_jumps_neither_stops_it_nor_makes_it_hurry()
    {
        var state = new RenewalState("a");
        state.Hold(Now.AddDays(20));
        Assert.Equal(Now.AddDays(20), state.Next(Now));

        state.Fail(Now.AddYears(5)); // while the clock was wrong
        Assert.True(state.Next(Now) <= Now); // the clock was corrected: the next attempt is now, not in five years
        Assert.True(state.Next(Now.AddYears(5)) > Now.AddYears(5));

        state.Hold(Now.AddDays(20));
        Assert.True(state.Next(Now.AddYears(-5)) > Now); // the clock was set back: the certificate is not due
        Assert.True(state.Next(Now.AddYears(5)) < Now.AddYears(5)); // the clock was set forward: it is due
    }

    [Fact]
    public void A_certificate_is_due_at_two_thirds_of_its_life_or_at_the_age_that_was_asked_for()
    {
        Assert.True(Certificate.TryDecode(File.ReadAllBytes(Repository.At("tests", "golden", "x509", "end-entity.der")), out Certificate? certificate));
        TimeSpan life = certificate.NotAfter - certificate.NotBefore;

        DateTimeOffset due = RenewalSchedule.DueAt(certificate, null);

        Assert.InRange(due, certificate.NotBefore + (life * 2 / 3), certificate.NotBefore + (life * 0.72));
        Assert.Equal(due, RenewalSchedule.DueAt(certificate, null)); // also after a restart
        Assert.Equal(certificate.NotBefore.AddMinutes(5).AddHours(1), RenewalSchedule.DueAt(certificate, TimeSpan.FromHours(1)));
        Assert.Equal(due, RenewalSchedule.DueAt(certificate, TimeSpan.FromDays(300)));
    }
}
