using System.Text.Json;
using ServerlessCA.Core.Settings;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Deployment;

/// <summary>Compares the names that module and functions compute (contract 1 and 12.18).</summary>
public sealed class NamesTests
{
    private static readonly string[] Words = ["serverless", "secure-email", "ca2go", "my-CA", "preProd", "a-b-c", "2fast", "PKI", "dev", "prd", "x1y2-3z"];

    // The module of names needs no provider: Terraform alone computes every pair at once.
    [Fact]
    public async Task Terraform_and_the_functions_agree_on_awkward_projects_and_environments()
    {
        TerraformProgram.SkipUnlessInstalled();
        await using Workspace workspace = Workspace.Of("names").With("main.tf", $$"""
            locals {
              words = toset({{JsonSerializer.Serialize(Words)}})
            }

            module "names" {
              source   = "../terraform/modules/names"
              for_each = { for pair in setproduct(local.words, local.words) : "${pair[0]} ${pair[1]}" => pair }

              project   = each.value[0]
              env       = each.value[1]
              prod_envs = ["prd", "my-CA"]
            }

            output "names" {
              value = module.names
            }
            """);
        await workspace.DoAsync("init", "-no-color");
        await workspace.DoAsync("apply", "-auto-approve", "-no-color");

        JsonElement names = JsonElement.Parse(await workspace.DoAsync("output", "-json", "names"));

        Assert.All(
            from project in Words from environment in Words select (project, environment),
            pair => Assert.Equal(
                Expected(pair.project, pair.environment),
                Computed(names.GetProperty($"{pair.project} {pair.environment}"))));
    }

    private static string Expected(string project, string environment)
    {
        var names = new CaNames(project, environment, ["prd", "my-CA"]);
        return $"{names.RootCa} {names.IssuingCa} {names.BundleFile} {names.Table} {names.IndexTable}";
    }

    private static string Computed(JsonElement names) => string.Join(
        ' ', new[] { "root_ca", "issuing_ca", "bundle_file", "table", "index_table" }.Select(name => names.GetProperty(name).GetString()));
}
