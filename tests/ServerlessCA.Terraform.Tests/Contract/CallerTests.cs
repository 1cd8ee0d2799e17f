using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Contract;

/// <summary>Plans the configurations of callers of the original's module (<c>tests/golden/terraform/callers</c>) with
/// ours: they keep their variables.</summary>
public sealed class CallerTests
{
    // Data sources that exist in any account, and the bucket of another stack.
    private static readonly string[] MayBeLookedUp = ["aws_caller_identity", "aws_partition", "aws_region", "aws_s3_bucket"];

    public static TheoryData<string> Callers => ["default", "rsa-public-crl", "ml-dsa", "cloud-ca"];

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_caller_of_the_original_plans(string caller)
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        JsonObject variables = Variables(caller);
        await using Workspace workspace = Workspace.Of("stack");
        string certs = $"certs/{variables["env"]?.GetValue<string>() ?? "dev"}";
        foreach (string file in Texts(variables["cert_info_files"]).Select(name => $"{certs}/{name}.json").Concat(Texts(variables["csr_files"]).Select(name => $"{certs}/csrs/{name}")))
        {
            workspace.With(file, "[]");
        }

        variables["source"] = "../terraform";
        workspace.With("main.tf.json", new JsonObject
        {
            ["provider"] = new JsonObject { ["aws"] = new JsonObject { ["region"] = "eu-west-2" } },
            ["module"] = new JsonObject { ["ca"] = variables },
        }.ToJsonString());
        await workspace.DoAsync("init", "-input=false", "-no-color");

        string output = await workspace.DoAsync("plan", "-out=plan", "-input=false", "-no-color");
        JsonElement plan = await workspace.ShowAsync("plan");

        Assert.DoesNotContain("Warning", output, StringComparison.Ordinal);
        Assert.True(plan.GetProperty("resource_changes").GetArrayLength() > 50, output);
    }

    // The stand-in for the provider finds every data source; AWS does not.
    [Fact]
    public async Task A_plan_looks_nothing_up_that_may_be_missing()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await using Workspace workspace = Workspace.Of("stack")
            .With("main.tf", """
                provider "aws" {
                  region = "eu-west-2"
                }

                module "ca" {
                  source        = "../terraform"
                  kms_key_alias = "custom-kms-encryption-key"
                }
                """);
        await workspace.DoAsync("init", "-input=false", "-no-color");
        await workspace.DoAsync("plan", "-out=plan", "-input=false", "-no-color");

        JsonElement module = (await workspace.ShowAsync("plan")).GetProperty("configuration")
            .GetProperty("root_module").GetProperty("module_calls").GetProperty("ca").GetProperty("module");

        Assert.Empty(LookedUp(module).Except(MayBeLookedUp));
    }

    private static IEnumerable<string> LookedUp(JsonElement module)
    {
        IEnumerable<string> own = module.TryGetProperty("resources", out JsonElement resources)
            ? resources.EnumerateArray().Where(resource => resource.GetProperty("mode").GetString() == "data").Select(data => data.GetProperty("type").GetString()!)
            : [];
        return module.TryGetProperty("module_calls", out JsonElement calls)
            ? own.Concat(calls.EnumerateObject().SelectMany(call => LookedUp(call.Value.GetProperty("module"))))
            : own;
    }

    private static JsonObject Variables(string caller) => (JsonObject)JsonNode.Parse(
        File.ReadAllText(Repository.At("tests", "golden", "terraform", "callers", $"{caller}.json")))!["variables"]!.DeepClone();

    private static IEnumerable<string> Texts(JsonNode? list) => list is null ? [] : list.AsArray().Select(item => item!.GetValue<string>());
}
