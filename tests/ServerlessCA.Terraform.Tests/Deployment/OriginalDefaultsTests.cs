using System.Text.Json;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Deployment;

/// <summary>Checks that what the original's module set without a variable is the same here, or named in
/// <c>docs/aws/moving.md</c>.</summary>
public sealed class OriginalDefaultsTests(DeployedModule module)
{
    [Fact]
    public async Task Logs_of_functions_are_stored_for_30_days_and_those_of_the_state_machine_for_365()
    {
        Resource[] groups = [.. (await module.ResourcesAsync()).Where(resource => resource.Type == "aws_cloudwatch_log_group")];

        Assert.Equal(8, groups.Length);
        Assert.All(groups, group => Assert.Equal(
            group.Text("name").StartsWith("/aws/lambda/", StringComparison.Ordinal) ? 30 : 365,
            group.Values.GetProperty("retention_in_days").GetInt32()));
    }

    [Fact]
    public async Task Mails_come_from_the_name_that_they_always_came_from() => Assert.Equal(
        "Serverless CA Notifications Dev", (await module.ResourceAsync("aws_sns_topic.notifications")).Text("display_name"));

    [Theory]
    [InlineData("custom_sns_topic_name = \"pki\"", "pki")]
    [InlineData("custom_sns_topic_display_name = \"Our CA\"", "Our CA")]
    [InlineData("project = \"secure-email\"", "Secure Email CA Notifications Dev")]
    public async Task Mails_come_from_the_name_that_was_given(string setting, string expected)
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await using Workspace workspace = Workspace.Of("terraform");
        await workspace.DoAsync("init", "-backend=false", "-input=false", "-no-color");

        string[] words = setting.Split(" = ");
        JsonElement planned = await PlannedAsync(workspace, "aws_sns_topic.notifications", $"-var={words[0]}={words[1].Trim('"')}");

        Assert.Equal(expected, planned.GetProperty("display_name").GetString());
    }

    // The functions publish how long a file may be cached; the policy must not allow longer.
    [Fact]
    public async Task CloudFront_caches_no_CRL_longer_than_a_CRL_may_be_cached()
    {
        JsonElement policy = (await module.ResourceAsync("aws_cloudfront_cache_policy.public[0]")).Values;

        Assert.Equal(TimeSpan.FromSeconds(60), PublishedAge.MaxOfCrl);
        Assert.Equal(
            (0, PublishedAge.MaxOfCrl.TotalSeconds, PublishedAge.MaxOfCrl.TotalSeconds),
            (policy.GetProperty("min_ttl").GetInt32(), policy.GetProperty("default_ttl").GetInt32(), policy.GetProperty("max_ttl").GetInt32()));
    }

    [Fact]
    public async Task Buckets_are_emptied_by_destroy_only_on_request()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await using Workspace workspace = Workspace.Of("terraform");
        await workspace.DoAsync("init", "-backend=false", "-input=false", "-no-color");

        foreach ((string[] options, bool expected) in ((string[], bool)[])[([], false), (["-var=force_destroy=true"], true)])
        {
            foreach (string bucket in (string[])["module.internal_s3.aws_s3_bucket.bucket", "module.external_s3[0].aws_s3_bucket.bucket"])
            {
                JsonElement planned = await PlannedAsync(workspace, bucket, options);

                Assert.Equal(expected, planned.GetProperty("force_destroy").GetBoolean());
            }
        }
    }

    private static async Task<JsonElement> PlannedAsync(Workspace workspace, string address, params string[] options)
    {
        workspace.With("aws.tf", """
            provider "aws" {
              region = "eu-west-2"
            }
            """);
        await workspace.DoAsync(["plan", "-out=plan", "-input=false", "-no-color", .. options]);
        return (await workspace.ShowAsync("plan")).GetProperty("resource_changes").EnumerateArray()
            .Single(change => change.GetProperty("address").GetString() == address).GetProperty("change").GetProperty("after");
    }
}
