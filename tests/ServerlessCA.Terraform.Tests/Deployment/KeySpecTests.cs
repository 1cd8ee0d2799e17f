using System.Text.Json;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Deployment;

/// <summary>Checks that a CA keeps its key: a changed variable neither replaces the key nor goes unnoticed.</summary>
public sealed class KeySpecTests
{
    [Theory]
    [InlineData("root_ca_key_spec", "RSA_2048", "the key of the root CA is ECC_NIST_P384")]
    [InlineData("issuing_ca_key_spec", "ML_DSA_44", "the key of the issuing CA is ECC_NIST_P256")]
    public async Task Another_key_spec_is_refused_and_replaces_no_key(string variable, string spec, string expected)
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await using Workspace workspace = Workspace.Of("terraform").With("aws.tf", """
            provider "aws" {
              region = "eu-west-2"
            }
            """);
        await workspace.DoAsync("init", "-input=false", "-no-color");
        await workspace.DoAsync("apply", "-auto-approve", "-input=false", "-no-color");

        Run changed = await workspace.RunAsync("plan", "-out=changed", $"-var={variable}={spec}", "-input=false", "-no-color");
        Run destroyed = await workspace.RunAsync("plan", "-destroy", "-input=false", "-no-color");

        string errors = string.Join(' ', changed.Errors.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(1, changed.ExitCode);
        Assert.Contains($"{variable} is {spec}, but {expected}", errors, StringComparison.Ordinal);
        Assert.Contains("docs/aws/rotation.md", errors, StringComparison.Ordinal);
        Assert.True(File.Exists(Repository.At("docs", "aws", "rotation.md")));
        JsonElement plan = await workspace.ShowAsync("changed"); // Terraform saves what it had planned so far, and refuses to apply such a plan
        Assert.True(plan.GetProperty("errored").GetBoolean());
        Assert.DoesNotContain(
            plan.GetProperty("resource_changes").EnumerateArray().SelectMany(change => change.GetProperty("change").GetProperty("actions").EnumerateArray()),
            action => action.GetString() is "delete" or "create");
        Assert.Equal(0, destroyed.ExitCode); // destroying an unused stack still works
    }
}
