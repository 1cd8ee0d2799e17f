using System.Globalization;

namespace ServerlessCA.Terraform.Tests.Crls;

/// <summary>The times of an expression of EventBridge Scheduler, found by looking at every minute of some years; without L, W
/// and #. Written for comparison, from AWS's description alone.</summary>
internal static class CronTimes
{
    private const int Years = 3;

    private static readonly DateTime From = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The longest pause between two times.</summary>
    public static TimeSpan LongestPause(string cron)
    {
        string[] fields = cron["cron(".Length..^1].Split(' ');
        HashSet<int> minutes = Values(fields[0], 0, 59), hours = Values(fields[1], 0, 23), days = Values(fields[2], 1, 31);
        HashSet<int> months = Values(fields[3], 1, 12), weekdays = Values(fields[4], 1, 7);
        TimeSpan longest = TimeSpan.Zero;
        DateTime? last = null;
        for (DateTime day = From; day < From.AddYears(Years); day = day.AddDays(1))
        {
            if (!days.Contains(day.Day) || !months.Contains(day.Month) || !weekdays.Contains((int)day.DayOfWeek + 1))
            {
                continue;
            }

            for (int minute = 0; minute < 1440; minute++)
            {
                if (hours.Contains(minute / 60) && minutes.Contains(minute % 60))
                {
                    DateTime time = day.AddMinutes(minute);
                    longest = last is { } before && time - before > longest ? time - before : longest;
                    last = time;
                }
            }
        }

        return longest;
    }

    private static HashSet<int> Values(string field, int least, int most)
    {
        var values = new HashSet<int>();
        foreach (string part in field.Split(','))
        {
            string[] step = part.Split('/');
            string[] ends = step[0] is "*" or "?" ? [Text(least), Text(most)] : step[0].Split('-');
            int from = Number(ends[0]), to = ends.Length > 1 ? Number(ends[1]) : step.Length > 1 ? most : from;
            int size = most - least + 1;
            for (int value = from; value <= (to < from ? to + size : to); value += step.Length > 1 ? Number(step[1]) : 1)
            {
                values.Add(((value - least) % size) + least);
            }
        }

        return values;
    }

    private static int Number(string text)
    {
        string[] names = CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedDayNames;
        int day = Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        int month = Array.FindIndex(
            CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return day >= 0 ? day + 1 : month >= 0 ? month + 1 : int.Parse(text, CultureInfo.InvariantCulture);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
