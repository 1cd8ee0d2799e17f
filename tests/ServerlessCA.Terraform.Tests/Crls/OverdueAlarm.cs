using System.Text.Json;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Crls;

/// <summary>Evaluates an alarm as CloudWatch does: every minute, over the last periods. It sums each period, and a
/// period without data counts as too few.</summary>
/// <param name="Period">The length of one datapoint.</param>
/// <param name="Count">The number of periods, all of which must be empty.</param>
internal sealed record OverdueAlarm(TimeSpan Period, int Count)
{
    /// <summary>Whether PutMetricAlarm accepts it.</summary>
    public bool IsValid => Count > 0 && Period.TotalSeconds % 60 == 0 && Period * Count <= (Period < TimeSpan.FromHours(1) ? TimeSpan.FromDays(1) : TimeSpan.FromDays(7));

    /// <summary>The time until the alarm goes off.</summary>
    public TimeSpan TotalWait => Period * Count;

    /// <summary>Reads the alarm that Terraform deployed, and checks that it is of the kind that is evaluated here, and
    /// uses what the filter counts.</summary>
    public static OverdueAlarm Of(Resource alarm, Resource filter)
    {
        JsonElement[] queries = [.. alarm.Values.GetProperty("metric_query").EnumerateArray()];
        JsonElement shown = queries.Single(query => query.GetProperty("return_data").ValueKind == JsonValueKind.True);
        JsonElement published = queries.Single(query => query.GetProperty("id").GetString() == "published");
        JsonElement metric = published.GetProperty("metric")[0];
        JsonElement counted = filter.Values.GetProperty("metric_transformation")[0];
        Assert.Equal(("FILL(published, 0)", "Sum"), (shown.GetProperty("expression").GetString(), metric.GetProperty("stat").GetString()));
        Assert.Equal(
            ("LessThanThreshold", 1d, "breaching"),
            (alarm.Text("comparison_operator"), alarm.Values.GetProperty("threshold").GetDouble(), alarm.Text("treat_missing_data")));
        Assert.Equal(
            (counted.GetProperty("namespace").GetString(), counted.GetProperty("name").GetString(), "1"),
            (metric.GetProperty("namespace").GetString(), metric.GetProperty("metric_name").GetString(), counted.GetProperty("value").GetString()));
        int count = alarm.Values.GetProperty("evaluation_periods").GetInt32();
        Assert.Equal(count, alarm.Values.GetProperty("datapoints_to_alarm").GetInt32());
        return new OverdueAlarm(TimeSpan.FromSeconds(metric.GetProperty("period").GetInt32()), count);
    }

    /// <summary>Returns when the alarm goes off first.</summary>
    /// <param name="published">The times at which CRLs were published, in their order, since some start.</param>
    /// <param name="end">The end of the evaluation.</param>
    /// <param name="isAligned">Whether periods end at multiples of a period, or with the minute. CloudWatch does the
    /// latter for alarms over a day at most.</param>
    public TimeSpan? FirstAlarm(IReadOnlyList<TimeSpan> published, TimeSpan end, bool isAligned)
    {
        for (TimeSpan now = published[0] + TimeSpan.FromMinutes(1); now <= end; now += TimeSpan.FromMinutes(1))
        {
            TimeSpan until = isAligned ? new TimeSpan(now.Ticks - (now.Ticks % Period.Ticks)) : now;
            TimeSpan from = until - TotalWait;
            bool wasLooked = from >= published[0]; // a stack is not judged by the time before it existed
            if (wasLooked && !published.Any(time => time >= from && time < until))
            {
                return now;
            }
        }

        return null;
    }
}
