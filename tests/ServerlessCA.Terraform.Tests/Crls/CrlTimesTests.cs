using System.Text.Json;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Crls;

/// <summary>How often CRLs are published, and how long they must be good for: Terraform computes it from expressions.</summary>
public sealed class CrlTimesTests
{
    // Every kind of field whose times come at least once a week; day or month, each is exact.
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

    // Terraform alone computes them, at once; no provider is needed.
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
