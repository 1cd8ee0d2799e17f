using System.Text.Json;
using ServerlessCA.Terraform.Tests.Deployment;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Crls;

/// <summary>Checks the deployed schedule of CRLs, and that it is refused with lives of CRLs that are too short for
/// it.</summary>
public sealed class CrlScheduleTests(DeployedModule module)
{
    public static TheoryData<string> Functions => ["root-ca-crl", "issuing-ca-crl"];

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task A_CRL_is_published_every_six_hours_besides(string function)
    {
        Resource schedule = await module.ResourceAsync($"aws_scheduler_schedule.crl[\"{function}\"]");
        JsonElement target = schedule.Values.GetProperty("target")[0];

        Assert.Equal("rate(6 hours)", schedule.Text("schedule_expression"));
        Assert.Equal("OFF", schedule.Values.GetProperty("flexible_time_window")[0].GetProperty("mode").GetString());
        Assert.Equal(await ArnAsync($"module.function[\"{function}\"].aws_lambda_function.function"), target.GetProperty("arn").GetString());
        Assert.Equal(await ArnAsync("aws_iam_role.scheduler"), target.GetProperty("role_arn").GetString());
        Assert.Equal("""{"scheduled":true}""", target.GetProperty("input").GetString()); // the event that the functions expect
        Assert.Equal(6 * 3600, target.GetProperty("retry_policy")[0].GetProperty("maximum_event_age_in_seconds").GetInt32());
    }

    // contract 12.22: an error of these functions is not retried; Lambda would retry asynchronous calls twice.
    [Theory]
    [MemberData(nameof(Functions))]
    public async Task A_run_of_the_schedule_that_ended_with_an_error_is_not_retried(string function)
    {
        Resource config = await module.ResourceAsync($"aws_lambda_function_event_invoke_config.crl[\"{function}\"]");
        Resource lambda = await module.ResourceAsync($"module.function[\"{function}\"].aws_lambda_function.function");

        Assert.Equal(lambda.Text("function_name"), config.Text("function_name"));
        Assert.Equal(0, config.Values.GetProperty("maximum_retry_attempts").GetInt32());
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task The_filter_reads_the_log_of_its_function(string function)
    {
        Resource filter = await module.ResourceAsync($"aws_cloudwatch_log_metric_filter.crl[\"{function}\"]");

        Assert.Equal($"/aws/lambda/serverless-{function}-dev", filter.Text("log_group_name"));
        Assert.Contains($"crl_pattern   = \"{filter.Text("pattern").Replace("\"", "\\\"", StringComparison.Ordinal)}\"", // the pattern is tested with real lines
            await File.ReadAllTextAsync(Repository.At("terraform", "alarms.tf"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root_crl_days = 0", "root_crl_days and root_crl_seconds give a CRL of 600 s, but it must be good for 43200 s", "rate(5 minutes)")]
    [InlineData("crl_schedule = \"\"", "twice the 86400 s that pass", "crl_schedule ''")]
    [InlineData("crl_schedule = \"rate(13 hours)\"", "it must be good for 93600 s", "raise issuing_crl_days, or set crl_schedule to a shorter time")]
    public async Task A_life_below_two_pauses_is_refused_with_both_and_what_to_change(string setting, params string[] expected)
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();

        Run plan = await PlanAsync(setting);

        Assert.Equal(1, plan.ExitCode);
        string errors = string.Join(' ', plan.Errors.Split((char[])['\n', '│', ' '], StringSplitOptions.RemoveEmptyEntries));
        Assert.All(expected, text => Assert.Contains(text, errors, StringComparison.Ordinal));
    }

    // A stack that moved from the original with a rare pipeline and CRLs of a day is valid as it is, and with long
    // ones, too.
    [Theory]
    [InlineData("schedule_expression = \"cron(15 8 ? * MON *)\"\n  root_crl_days = 15\n  issuing_crl_days = 15")]
    [InlineData("schedule_expression = \"cron(15 8 ? * MON *)\"")]
    [InlineData("schedule_expression = \"rate(4 hours)\"\n  root_crl_days = 0\n  root_crl_seconds = 28800")]
    public async Task What_either_schedule_renews_in_time_plans(string settings)
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();

        Run plan = await PlanAsync(settings);

        Assert.True(plan.ExitCode == 0, plan.Text);
        Assert.DoesNotContain("Warning", plan.Output, StringComparison.Ordinal);
    }

    private static async Task<Run> PlanAsync(string settings)
    {
        await using Workspace workspace = Workspace.Of("stack").With("main.tf", $$"""
            provider "aws" {
              region = "eu-west-2"
            }

            module "ca" {
              source = "../terraform"
              {{settings}}
            }
            """);
        await workspace.DoAsync("init", "-input=false", "-no-color");
        return await workspace.RunAsync("plan", "-input=false", "-no-color");
    }

    private async Task<string> ArnAsync(string address) => (await module.ResourceAsync(address)).Text("arn");
}
