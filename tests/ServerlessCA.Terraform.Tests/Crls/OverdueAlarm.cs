using System.Text.Json;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Crls;

/// <summary>An alarm that nothing was counted, as CloudWatch evaluates it: every minute, over the last periods; of every
/// period it knows the sum, 0 where there is none, and where nothing is known at all, that counts as too few.</summary>
/// <param name="Period">Of one datapoint.</param>
/// <param name="Count">Periods, all of which must have none.</param>
internal sealed record OverdueAlarm(TimeSpan Period, int Count)
{
    /// <summary>What PutMetricAlarm takes.</summary>
    public bool IsValid => Count > 0 && Period.TotalSeconds % 60 == 0 && Period * Count <= (Period < TimeSpan.FromHours(1) ? TimeSpan.FromDays(1) : TimeSpan.FromDays(7));

    /// <summary>How long it waits.</summary>
    public TimeSpan TotalWait => Period * Count;

    /// <summary>The alarm that Terraform deployed, which must be of the kind that is evaluated here, on what the filter counts.</summary>
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

    /// <summary>When it is first in alarm.</summary>
    /// <param name="published">When CRLs were published, in their order, from the beginning of a time.</param>
    /// <param name="end">How long to look.</param>
    /// <param name="isAligned">Periods end at multiples of a period; else with the minute. CloudWatch does the latter
    /// for alarms over a day at most.</param>
    public TimeSpan? FirstAlarm(IReadOnlyList<TimeSpan> published, TimeSpan end, bool isAligned)
    {
        for (TimeSpan now = published[0] + TimeSpan.FromMinutes(1); now <= end; now += TimeSpan.FromMinutes(1))
        {
            TimeSpan until = isAligned ? new TimeSpan(now.Ticks - (now.Ticks % Period.Ticks)) : now;
            TimeSpan from = until - TotalWait;
            bool wasLooked = from >= published[0]; // a stack is not judged by the time before it was there
            if (wasLooked && !published.Any(time => time >= from && time < until))
            {
                return now;
            }
        }

        return null;
    }
}
