using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Deployment;

/// <summary>Runs the module's own tests (<c>terraform/tests</c>), and bad input that needs files.</summary>
public sealed class OwnTests
{
    [Theory]
    [InlineData("bad-input")]
    [InlineData("stack")]
    public async Task With_a_mocked_provider(string file)
    {
        await TerraformProgram.SkipUnlessProviderAsync();
        await TestAsync(file);
    }

    [Theory]
    [InlineData("unmocked")]
    public async Task With_a_provider(string file)
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await TestAsync(file);
    }

    [Theory]
    [InlineData("architecture = \"arm64\"", "There is no zip of the functions for arm64")]
    [InlineData(
        "cert_info_files = [\"tls\"]\n  schedule_expression = \"cron(15 8 ? * MON-FRI *)\"\n  issuing_crl_days = 4\n  root_crl_days = 4",
        "run daily, or set expiry_reminders = []")]
    public async Task What_needs_files_is_refused_with_what_to_do(string setting, string expected)
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await using Workspace workspace = Workspace.Of("stack")
            .With("certs/dev/tls.json", "[]")
            .With("main.tf", $$"""
                provider "aws" {
                  region = "eu-west-2"
                }

                module "ca" {
                  source = "../terraform"
                  {{setting}}
                }
                """);
        await workspace.DoAsync("init", "-input=false", "-no-color");

        Run plan = await workspace.RunAsync("plan", "-input=false", "-no-color");

        Assert.Equal(1, plan.ExitCode);
        Assert.Contains(expected, plan.Errors.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private static async Task TestAsync(string file)
    {
        await using Workspace workspace = Workspace.Of("terraform");
        await workspace.DoAsync("init", "-backend=false", "-input=false", "-no-color");

        string output = await workspace.DoAsync("test", $"-filter=tests/{file}.tftest.hcl", "-no-color");

        Assert.Contains("Success!", output, StringComparison.Ordinal);
    }
}
