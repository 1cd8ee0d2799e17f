using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessCA.Terraform.Tests.Deployment;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Permissions;

/// <summary>Checks AWS's rules for the form of policies, which neither Terraform nor the judge of permissions
/// checks.</summary>
public sealed partial class PolicyTests(DeployedModule module)
{
    // All inline policies of a role together, without white space: IAM and STS quotas.
    private const int MaxRolePolicyCharacters = 10_240;

    [Fact]
    public async Task Every_statement_of_a_policy_has_a_name_of_its_own_of_letters_and_digits()
    {
        Resource[] resources = [.. (await module.ResourcesAsync()).Where(resource => PolicyOf(resource) is not null)];

        Assert.True(resources.Length > 12, $"only {resources.Length} policies");
        Assert.All(resources, resource =>
        {
            string[] names = [.. Statements(resource).Select(statement => statement.GetProperty("Sid").GetString()!)];
            Assert.Equal(names.Distinct(), names);
            Assert.All(names, name => Assert.Matches(LettersAndDigits(), name));
        });
    }

    [Fact]
    public async Task Every_statement_of_a_policy_names_something()
    {
        Resource[] resources = [.. (await module.ResourcesAsync()).Where(resource => PolicyOf(resource) is not null)];

        Assert.All(resources.SelectMany(Statements), statement => Assert.All(
            [statement.TryGetProperty("NotAction", out JsonElement spared) ? spared : statement.GetProperty("Action"), statement.GetProperty("Resource")],
            part => Assert.NotEqual("[]", part.GetRawText())));
    }

    [Fact]
    public async Task Every_policy_of_a_role_is_within_the_quota()
    {
        Resource[] policies = [.. (await module.ResourcesAsync()).Where(resource => resource.Type == "aws_iam_role_policy")];

        Assert.All(policies, policy => Assert.InRange(policy.Text("policy").Length, 1, MaxRolePolicyCharacters));
    }

    private static IEnumerable<JsonElement> Statements(Resource resource) =>
        JsonElement.Parse(PolicyOf(resource)!).GetProperty("Statement").EnumerateArray();

    // Where the module gives none, the provider makes a text up that is no JSON.
    private static string? PolicyOf(Resource resource) =>
        resource.Values.TryGetProperty("policy", out JsonElement policy) && policy.ValueKind == JsonValueKind.String
        && policy.GetString()!.StartsWith('{') ? policy.GetString() : null;

    [GeneratedRegex("^[A-Za-z0-9]+$")]
    private static partial Regex LettersAndDigits();
}
