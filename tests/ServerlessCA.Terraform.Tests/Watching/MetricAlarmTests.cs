namespace ServerlessCA.Terraform.Tests.Watching;

/// <summary>Checks the evaluation of alarms by the tables in CloudWatch's documentation ("How alarm state is evaluated when data is
/// missing"): of five datapoints X breaches, 0 does not, and - is missing.</summary>
public sealed class MetricAlarmTests
{
    private const string Retained = nameof(Retained);

    // The states are those with missing data as missing, ignore, breaching and notBreaching.
    [Theory]
    [InlineData(3, "0 - X - X", "Ok Ok Ok Ok")]
    [InlineData(3, "0 - - - -", "Ok Ok Ok Ok")]
    [InlineData(3, "- - - - -", "InsufficientData Retained Alarm Ok")]
    [InlineData(3, "0 X X - X", "Alarm Alarm Alarm Alarm")]
    [InlineData(3, "- - X - -", "Alarm Retained Alarm Ok")]
    [InlineData(2, "0 - X - X", "Alarm Alarm Alarm Alarm")]
    [InlineData(2, "0 0 X 0 X", "Alarm Alarm Alarm Alarm")]
    [InlineData(2, "0 - X - -", "Ok Ok Alarm Ok")]
    [InlineData(2, "- - - - 0", "Ok Ok Alarm Ok")]
    [InlineData(2, "- - - X -", "Alarm Retained Alarm Ok")]
    public void Missing_data_counts_as_the_documentation_says(int toAlarm, string points, string states)
    {
        double?[] range = [.. points.Split(' ').Select(point => point switch { "X" => 1d, "0" => 0d, _ => (double?)null })];
        foreach (AlarmState present in Enum.GetValues<AlarmState>())
        {
            Assert.Equal(
                states.Replace(Retained, present.ToString(), StringComparison.Ordinal),
                string.Join(' ', ((string[])["missing", "ignore", "breaching", "notBreaching"]).Select(setting => Alarm(toAlarm, setting).StateOf(range, present))));
        }
    }

    [Theory]
    [InlineData("GreaterThanOrEqualToThreshold", "0 1 1")]
    [InlineData("GreaterThanThreshold", "0 0 1")]
    [InlineData("LessThanOrEqualToThreshold", "1 1 0")]
    [InlineData("LessThanThreshold", "1 0 0")]
    public void A_value_below_at_and_above_the_threshold_breaches_by_the_comparison(string comparison, string breaches)
    {
        MetricAlarm alarm = Alarm(1, "missing") with { Comparison = comparison, Threshold = 5 };

        Assert.Equal(breaches, string.Join(' ', ((double[])[4, 5, 6]).Select(value => alarm.IsBreach(value) ? "1" : "0")));
    }

    [Fact]
    public void A_period_is_aggregated_by_the_statistic_and_other_metrics_and_dimensions_do_not_count()
    {
        var metric = new Metric("AWS/Lambda", "Errors", "FunctionName=one");
        MetricAlarm alarm = Alarm(1, "notBreaching") with { Metrics = [(metric, "Sum")], Evaluated = 1, Threshold = 5 };
        TimeSpan end = alarm.Period * 4;

        Sample[] enough = [new(metric, TimeSpan.FromSeconds(10), 2), new(metric, TimeSpan.FromSeconds(250), 3)];
        Sample[] apart = [new(metric, TimeSpan.FromSeconds(10), 2), new(metric, TimeSpan.FromSeconds(310), 3)];
        Sample[] others = [new(metric with { Dimensions = "FunctionName=two" }, default, 9), new(metric with { Name = "Throttles" }, default, 9)];

        Assert.Equal(AlarmState.Alarm, alarm.StatesOver(enough, end)[0]);
        Assert.DoesNotContain(AlarmState.Alarm, alarm.StatesOver(apart, end));
        Assert.DoesNotContain(AlarmState.Alarm, alarm.StatesOver(others, end));
    }

    private static MetricAlarm Alarm(int toAlarm, string missing) => new()
    {
        Name = "one",
        Metrics = [(new Metric("AWS/Lambda", "Errors", ""), "Sum")],
        Period = TimeSpan.FromMinutes(5),
        Evaluated = 3,
        ToAlarm = toAlarm,
        Comparison = "GreaterThanOrEqualToThreshold",
        Threshold = 1,
        MissingData = missing,
    };
}
