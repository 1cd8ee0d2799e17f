using System.Text.Json;
using System.Text.RegularExpressions;

namespace ServerlessCA.Terraform.Tests.Contract;

/// <summary>Checks that the variables and outputs of the original's module still exist
/// (<c>tests/golden/terraform/original-module.json</c>).</summary>
public sealed partial class ModuleContractTests
{
    private static readonly JsonElement Original = JsonElement.Parse(
        File.ReadAllText(Repository.At("tests", "golden", "terraform", "original-module.json")));

    [Fact]
    public async Task Every_variable_has_its_type_its_default_and_its_secrecy()
    {
        JsonElement variables = (await DescribeAsync()).GetProperty("variables");

        Assert.All(Original.GetProperty("variables").EnumerateObject(), original =>
        {
            JsonElement ours = variables.GetProperty(original.Name);
            Assert.Equal(Compact(original.Value), Compact(ours));
            Assert.True(
                JsonElement.DeepEquals(original.Value.GetProperty("default"), ours.GetProperty("default")),
                $"{original.Name}: {ours.GetProperty("default")}");
            Assert.Equal(
                original.Value.TryGetProperty("sensitive", out JsonElement secret) && secret.GetBoolean(), ours.GetProperty("sensitive").GetBoolean());
        });
    }

    [Fact]
    public async Task A_new_variable_has_a_default()
    {
        JsonElement variables = (await DescribeAsync()).GetProperty("variables");

        Assert.All(variables.EnumerateObject(), variable => Assert.True(variable.Value.TryGetProperty("default", out _), variable.Name));
    }

    [Fact]
    public async Task Every_output_is_there()
    {
        JsonElement outputs = (await DescribeAsync()).GetProperty("outputs");

        Assert.All(Original.GetProperty("outputs").EnumerateArray(), output => Assert.True(outputs.TryGetProperty(output.GetString()!, out _), output.GetString()));
    }

    [Fact]
    public async Task The_documentation_of_inputs_and_outputs_is_up_to_date()
    {
        Run check = await DocumentationAsync("--check");

        Assert.True(check.ExitCode == 0, check.Text);
    }

    private static async Task<JsonElement> DescribeAsync() => JsonElement.Parse((await DocumentationAsync("--json")).Output);

    private static async Task<Run> DocumentationAsync(string option)
    {
        ForeignProgram.SkipUnlessInstalled("python3");
        return await Run.OfAsync("python3", Repository.Root, ["eng/terraform-docs", option]);
    }

    private static string Compact(JsonElement variable) => Space().Replace(variable.GetProperty("type").GetString()!, "").Replace(",", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
