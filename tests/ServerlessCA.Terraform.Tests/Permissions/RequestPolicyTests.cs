using System.Text.Json;
using ServerlessCA.Core.Settings;
using ServerlessCA.Terraform.Tests.Deployment;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Permissions;

/// <summary>Checks that each policy is an alias of tls-cert, that its callers may invoke this alias and nothing else, and that
/// everybody else may do what they could before.</summary>
public sealed class RequestPolicyTests(DeployedModule module)
{
    private const string Issuer = "module.function[\"tls-cert\"]";
    private const string Name = "serverless-tls-cert-dev";
    private const string Arn = $"arn:aws:lambda:eu-west-2:{DeployedModule.Account}:function:{Name}";

    private static readonly string[] Invoked = [Arn, $"{Arn}:web", $"{Arn}:people", $"{Arn}:{Name}", $"{Arn}:$LATEST", $"{Arn}:3"];

    [Fact]
    public async Task Each_policy_is_an_alias_of_the_newest_version()
    {
        Resource function = await module.ResourceAsync($"{Issuer}.aws_lambda_function.function");

        foreach (string policy in (string[])["web", "people"])
        {
            Resource alias = await module.ResourceAsync($"{Issuer}.aws_lambda_alias.further[\"{policy}\"]");
            Assert.Equal((policy, Name, function.Text("version")), (alias.Text("name"), alias.Text("function_name"), alias.Text("function_version")));
        }
    }

    [Fact]
    public async Task A_principal_of_a_policy_may_invoke_its_alias_alone()
    {
        Resource permission = await module.ResourceAsync($"{Issuer}.aws_lambda_permission.further[\"web arn:aws:iam::111122223333:role/web\"]");

        Assert.Equal(
            ("lambda:InvokeFunction", Name, "web", "arn:aws:iam::111122223333:role/web"),
            (permission.Text("action"), permission.Text("function_name"), permission.Text("qualifier"), permission.Text("principal")));
        Assert.Single(
            await module.ResourcesAsync(), resource => resource.Address.Contains("aws_lambda_permission.further", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_original_has_stays_beside_policies()
    {
        Resource alias = await module.ResourceAsync($"{Issuer}.aws_lambda_alias.function");
        Resource permission = await module.ResourceAsync($"{Issuer}.aws_lambda_permission.invoke[\"arn:aws:iam::111122223333:role/app\"]");

        Assert.Equal(Name, alias.Text("name"));
        Assert.True(!permission.Values.TryGetProperty("qualifier", out JsonElement qualifier) || qualifier.ValueKind == JsonValueKind.Null);
    }

    // IAM compares the whole ARN that is invoked with that of the statement.
    [Theory]
    [InlineData("web")]
    [InlineData("people")]
    public async Task The_policy_for_requesters_of_a_policy_allows_its_alias_alone(string policy)
    {
        Stack stack = await StackAsync();
        string iam = (await module.OutputAsync("policy_requester_policies", policy)).Replace(await AliasArnAsync(policy), $"{Arn}:{policy}", StringComparison.Ordinal);

        Assert.Equal([$"{Arn}:{policy}"], await AllowedAsync(stack, iam));
    }

    [Fact]
    public async Task The_policy_for_requesters_without_a_policy_allows_the_function_alone()
    {
        Stack stack = await StackAsync();
        string iam = (await module.OutputAsync("requester_policy")).Replace(await module.OutputAsync("tls_cert_function_arn"), Arn, StringComparison.Ordinal);

        Assert.Equal([Arn], await AllowedAsync(stack, iam));
    }

    [Fact]
    public async Task The_function_gets_the_policies_packed_and_without_their_principals()
    {
        Resource lambda = await module.ResourceAsync($"{Issuer}.aws_lambda_function.function");
        string packed = lambda.Values.GetProperty("environment")[0].GetProperty("variables").GetProperty("REQUEST_POLICIES").GetString()!;

        JsonElement policies = JsonElement.Parse(PackedText.Open(packed));

        Assert.Equal(["people", "web"], policies.EnumerateObject().Select(policy => policy.Name));
        Assert.Equal(["*.web.example.com"], policies.GetProperty("web").GetProperty("common_names").EnumerateArray().Select(name => name.GetString()));
        Assert.DoesNotContain("principal", policies.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reader_role_is_not_for_callers_with_a_policy()
    {
        Resource reader = await module.ResourceAsync("aws_iam_role.reader[0]");

        Assert.DoesNotContain("role/web", reader.Text("assume_role_policy"), StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string>> AllowedAsync(Stack stack, string iam)
    {
        IReadOnlyList<bool> allowed = await IamJudge.AllowedAsync([.. Invoked.Select(arn => stack.Outsider(iam, "lambda:InvokeFunction", arn))]);
        return Invoked.Zip(allowed).Where(pair => pair.Second).Select(pair => pair.First);
    }

    // As the stand-in for the provider writes it.
    private Task<string> AliasArnAsync(string policy) => module.OutputAsync("policy_function_arns", policy);

    private async Task<Stack> StackAsync()
    {
        IamJudge.SkipUnlessInstalled();
        return new Stack(await module.ResourcesAsync());
    }
}
