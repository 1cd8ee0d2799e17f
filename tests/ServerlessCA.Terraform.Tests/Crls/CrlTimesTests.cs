using System.Globalization;
using System.Text.Json;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Crls;

/// <summary>Checks how often CRLs are published and what life they need, as Terraform computes it from
/// expressions.</summary>
public sealed class CrlTimesTests
{
    // Every kind of field whose times come at least once a week; with a day or a month, each is exact.
    private static readonly string[] Crons =
    [
        "cron(15 8 * * ? *)", "cron(15 8 ? * * *)", "cron(0 2,14 1/1 * ? *)", "cron(0 2,14 1-31 1-12 ? *)", "cron(45 2/6 * * ? *)",
        "cron(0 */6 * * ? *)", "cron(0 0/7 * * ? *)", "cron(0 8-18 * * ? *)", "cron(30 8-18/5 * * ? *)", "cron(5 22-3 * * ? *)",
        "cron(0/15 * * * ? *)", "cron(* * * * ? *)", "cron(10,20 8 * * ? *)", "cron(50,0/20 6,7 * * ? *)",
        "cron(15 8 ? * MON *)", "cron(15 8 ? * mon-fri *)", "cron(15 8 ? * 2-6 *)", "cron(15 8,20 ? * MON,TUE,WED,THU,FRI *)",
        "cron(15 8 ? * FRI-MON *)", "cron(0 8 ? * 2,4,6 *)", "cron(0 8 ? * 7 *)", "cron(0 8 ? * SUN-SAT *)", "cron(0 6/9 ? * TUE,THU *)",
        "cron(0 8 1-30 * ? *)", "cron(0 8 1/2 * ? *)", "cron(0 8 1/5 JAN-DEC ? *)", "cron(0 8 3,17 * ? *)", "cron(0 8 1 * ? *)",
    ];

    private static readonly string[] RareCrons =
        ["cron(0 8 31 * ? *)", "cron(0 8 L * ? *)", "cron(0 8 15W * ? *)", "cron(0 8 ? * 2#1 *)", "cron(0 8 ? * 6L *)", "cron(0 8 1 JAN,JUL ? *)"];

    [Fact]
    public async Task The_longest_pause_of_an_expression_is_what_its_times_show()
    {
        TerraformProgram.SkipUnlessInstalled();

        Dictionary<string, long> pauses = await PausesAsync(
            [.. Crons, "rate(1 minute)", "rate(90 minutes)", "rate(6 hours)", "rate(1 day)", "rate(14 days)"]);

        Assert.All(Crons, cron => Assert.Equal((cron, CronTimes.LongestPause(cron)), (cron, TimeSpan.FromSeconds(pauses[cron]))));
        Assert.Equal(
            [60, 90 * 60, 6 * 3600, 86_400, 14 * 86_400],
            pauses.Where(pause => pause.Key.StartsWith("rate", StringComparison.Ordinal)).Select(pause => pause.Value).Order());
    }

    [Fact]
    public async Task The_longest_pause_of_an_expression_that_comes_less_often_is_about_a_month_or_more()
    {
        TerraformProgram.SkipUnlessInstalled();

        Dictionary<string, long> pauses = await PausesAsync(RareCrons);

        Assert.All(pauses, pause => Assert.True(pause.Value >= 28 * 86_400, pause.Key));
        Assert.True(pauses["cron(0 8 1 JAN,JUL ? *)"] > 150 * 86_400);
    }

    [Fact]
    public async Task Terraform_and_the_core_agree_on_how_long_a_CRL_must_be_good_for()
    {
        TerraformProgram.SkipUnlessInstalled();
        TimeSpan life = TimeSpan.FromDays(60);

        IReadOnlyList<CrlTimes> computed = await CrlTimes.ComputeAsync(
        [
            new CrlCase("cron(15 8 * * ? *)", "rate(6 hours)", life), new CrlCase("cron(15 8 * * ? *)", "", life),
            new CrlCase("rate(1 hour)", "rate(6 hours)", life), new CrlCase("rate(14 days)", "cron(15 8 ? * MON-FRI *)", life),
        ]);

        Assert.Equal([6, 24, 1, 72], computed.Select(times => times.Pause.TotalHours));
        Assert.All(computed, times => Assert.Equal(times.Pauses.Min(), times.Pause));
        Assert.All(computed, times => Assert.Equal(CrlRenewal.LeastLife(times.Pause), times.LeastLife));
    }

    // Terraform alone computes them at once; no provider is needed.
    private static async Task<Dictionary<string, long>> PausesAsync(string[] expressions)
    {
        await using Workspace workspace = Workspace.Of("pauses").With("main.tf", $$"""
            module "pause" {
              source   = "../terraform/modules/pause"
              for_each = toset({{JsonSerializer.Serialize(expressions)}})

              expression = each.value
            }

            output "seconds" {
              value = { for expression, pause in module.pause : expression => pause.seconds }
            }
            """);
        await workspace.DoAsync("init", "-no-color");
        await workspace.DoAsync("apply", "-auto-approve", "-no-color");
        return JsonSerializer.Deserialize<Dictionary<string, long>>(await workspace.DoAsync("output", "-json", "seconds"))!;
    }
}

/// <summary>Finds the times of an expression of EventBridge Scheduler by checking every minute of some years; without
/// L, W and #. It is written for comparison, from AWS's description alone.</summary>
internal static class CronTimes
{
    private const int Years = 3;

    private static readonly DateTime From = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Returns the longest pause between two times.</summary>
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
