using ServerlessCA.Terraform.Tests.Deployment;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Crls;

/// <summary>Checks the alarm of an overdue CRL over timelines: when it goes off, and how long the CRL is still valid
/// then.</summary>
public sealed class OverdueAlarmTests(DeployedModule module)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(86_400 + 600);
    private static readonly TimeSpan Pause = TimeSpan.FromHours(6);

    // The start of functions and the delivery of logs vary by so much.
    private static readonly int[] LateMinutes = [3, 0, 4, 1, 2];

    public static TheoryData<string, bool> Alarms => new()
    {
        { "root-ca-crl", false }, { "root-ca-crl", true }, { "issuing-ca-crl", false }, { "issuing-ca-crl", true },
    };

    [Theory]
    [MemberData(nameof(Alarms))]
    public async Task There_is_no_alarm_while_CRLs_are_on_time_or_one_time_is_missed(string function, bool isAligned)
    {
        OverdueAlarm alarm = await DeployedAsync(function);
        List<TimeSpan> times = Times(Pause, 40);

        Assert.Null(alarm.FirstAlarm(times, times[^1], isAligned));
        times.RemoveAt(20);
        Assert.Null(alarm.FirstAlarm(times, times[^1], isAligned));
    }

    [Theory]
    [MemberData(nameof(Alarms))]
    public async Task Two_missed_times_give_an_alarm_when_half_of_the_life_is_left(string function, bool isAligned)
    {
        OverdueAlarm alarm = await DeployedAsync(function);
        List<TimeSpan> times = Times(Pause, 40);
        times.RemoveRange(20, 2);

        TimeSpan left = times[19] + Life - alarm.FirstAlarm(times, times[^1], isAligned)!.Value;

        Assert.InRange(left, (Life / 2) - TimeSpan.FromMinutes(10), Life / 2);
    }

    [Theory]
    [MemberData(nameof(Alarms))]
    public async Task A_function_that_fails_from_now_on_gives_an_alarm_when_half_of_the_life_is_left(string function, bool isAligned)
    {
        OverdueAlarm alarm = await DeployedAsync(function);
        List<TimeSpan> times = Times(Pause, 9);

        TimeSpan left = times[^1] + Life - alarm.FirstAlarm(times, TimeSpan.FromDays(10), isAligned)!.Value;

        Assert.InRange(left, (Life / 2) - TimeSpan.FromMinutes(10), Life / 2);
    }

    // The longer the life, the earlier the alarm: after two missed times.
    [Fact]
    public async Task With_long_lives_the_alarm_goes_by_the_schedule()
    {
        TerraformProgram.SkipUnlessInstalled();
        IReadOnlyList<CrlTimes> computed = await CrlTimes.ComputeAsync(
        [
            new CrlCase("cron(15 8 * * ? *)", "rate(6 hours)", TimeSpan.FromDays(30)),
            new CrlCase("cron(15 8 * * ? *)", "", TimeSpan.FromDays(365)),
            new CrlCase("cron(15 8 ? * MON-FRI *)", "", TimeSpan.FromDays(30)),
            new CrlCase("rate(7 days)", "", TimeSpan.FromDays(30)),
        ]);

        Assert.Equal(
            [TimeSpan.FromHours(13), TimeSpan.FromHours(49), TimeSpan.FromHours(145), null],
            computed.Select(times => times.Alarm?.TotalWait));
    }

    [Fact]
    public async Task Whatever_the_schedule_the_alarm_comes_before_the_CRL_expires_and_never_while_CRLs_are_on_time()
    {
        TerraformProgram.SkipUnlessInstalled();
        double[] pauses = [0.5, 1, 1.5, 2, 3, 6, 11, 12, 24, 36, 72, 120, 167];
        double[] lives = [2, 2.05, 2.5, 3, 4, 10, 60]; // in pauses
        CrlCase[] cases = [.. from pause in pauses from life in lives
            select new CrlCase("rate(60 days)", $"rate({pause * 60:F0} minutes)", TimeSpan.FromHours(pause * life))];

        foreach (CrlTimes times in await CrlTimes.ComputeAsync(cases))
        {
            OverdueAlarm alarm = Assert.IsType<OverdueAlarm>(times.Alarm);
            Assert.True(alarm.IsValid, $"{times.Case}: {alarm}");
            foreach (bool isAligned in (bool[])[false, true])
            {
                List<TimeSpan> onTime = Times(times.Pause, 8);
                Assert.Null(alarm.FirstAlarm(onTime, onTime[^1], isAligned));

                TimeSpan end = onTime[^1] + times.Case.Life;
                TimeSpan left = end - (alarm.FirstAlarm(onTime, end, isAligned) ?? end);
                Assert.True(left > TimeSpan.Zero, $"{times.Case}, {alarm}: {left} left");
            }
        }
    }

    private static List<TimeSpan> Times(TimeSpan pause, int count) =>
        [.. Enumerable.Range(0, count).Select(number => (pause * number) + TimeSpan.FromMinutes(LateMinutes[number % LateMinutes.Length]))];

    private async Task<OverdueAlarm> DeployedAsync(string function)
    {
        OverdueAlarm alarm = OverdueAlarm.Of(
            await module.ResourceAsync($"aws_cloudwatch_metric_alarm.crl[\"{function}\"]"),
            await module.ResourceAsync($"aws_cloudwatch_log_metric_filter.crl[\"{function}\"]"));
        Assert.True(alarm.IsValid, alarm.ToString());
        return alarm;
    }
}
