using ServerlessCA.Core.Access;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Tests.Access;
using Xunit;

namespace ServerlessCA.Core.Tests.Settings;

/// <summary>Checks how request policies and name constraints are read, and what is wrong with those that are not.</summary>
public sealed class RequestPoliciesTests
{
    [Fact]
    public void What_a_policy_does_not_name_it_does_not_allow()
    {
        RequestPolicy policy = SomePolicies.Policy("""{"common_names": ["*.example.com"], "sans": null, "usages": null, "max_days": null, "extensions": null, "allow_force": null}""");

        Assert.Equal(["DNS_NAME:*.example.com"], policy.Sans.Select(pattern => pattern.ToString()));
        Assert.Equal([ExtendedKeyUsage.ClientAuth, ExtendedKeyUsage.ServerAuth], policy.Usages);
        Assert.Equal((null, 0, false), (policy.MaxDays, policy.Extensions.Count, policy.AllowForce));
    }

    [Theory]
    [InlineData("[]", "request_policies : NotObject")]
    [InlineData("""{"web": []}""", "request_policies web: Unfit, expected is an object with common_names")]
    [InlineData("""{"web": {}}""", "request_policies web.common_names: Missing")]
    [InlineData("""{"web": {"common_names": []}}""", "request_policies web.common_names: Unfit")]
    [InlineData("""{"web": {"common_names": "*"}}""", "request_policies web.common_names: Unfit, expected is a list of texts")]
    [InlineData("""{"web": {"common_names": ["*"], "san": []}}""", "request_policies web.san: Unknown")]
    [InlineData("""{"web": {"common_names": ["*"], "sans": ["example.com"]}}""", "request_policies web.sans: Unfit")]
    [InlineData("""{"web": {"common_names": ["*"], "usages": ["SERVER"]}}""", "request_policies web.usages: Unfit")]
    [InlineData("""{"web": {"common_names": ["*"], "max_days": 0}}""", "request_policies web.max_days: Unfit, expected is a whole number from 1 to 36500")]
    [InlineData("""{"web": {"common_names": ["*"], "extensions": ["x"]}}""", "request_policies web.extensions: Unfit")]
    [InlineData("""{"web": {"common_names": ["*"], "allow_force": "yes"}}""", "request_policies web.allow_force: Unfit, expected is true or false")]
    [InlineData("""{"12": {"common_names": ["*"]}}""", "request_policies 12: Unfit, expected is a name of at most 64")]
    [InlineData("""{"a b": {"common_names": ["*"]}}""", "request_policies a b: Unfit")]
    public void A_policy_that_is_wrong_is_reported_by_name_and_rule(string json, string problem)
    {
        (_, IReadOnlyList<string> problems) = SomePolicies.Read($$"""{ "request_policies": {{json}} }""");

        Assert.StartsWith(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"permit": []}""", "issuing_ca_name_constraints permit: Unknown")]
    [InlineData("""{"permitted": "DNS_NAME:example.com"}""", "issuing_ca_name_constraints permitted: Unfit, expected is a list of texts")]
    [InlineData("""{"permitted": ["DNS_NAME:*.example.com"]}""", "issuing_ca_name_constraints permitted: Unfit")]
    [InlineData("""{"permitted": ["DNS_NAME:.example.com"]}""", "issuing_ca_name_constraints permitted: Unfit")]
    [InlineData("""{"excluded": ["URL:https://x"]}""", "issuing_ca_name_constraints excluded: Unfit")]
    [InlineData("""{"excluded": ["IP_ADDRESS:10.0.0.1/8"]}""", "issuing_ca_name_constraints excluded: Unfit")]
    public void Name_constraints_that_are_wrong_are_reported(string json, string problem)
    {
        (_, IReadOnlyList<string> problems) = SomePolicies.Read($$"""{ "issuing_ca_name_constraints": {{json}} }""");

        Assert.StartsWith(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Policies_and_constraints_are_read_in_the_order_of_the_file()
    {
        (CaSettings settings, IReadOnlyList<string> problems) = SomePolicies.Read($$"""
            {
                "request_policies": { "web": {{SomePolicies.Web}}, "any": { "common_names": ["*"], "sans": ["*"], "usages": ["CODE_SIGNING", "1.2.03"], "extensions": ["1.2.3"], "allow_force": true } },
                "issuing_ca_name_constraints": { "permitted": ["DNS_NAME:example.com", "EMAIL_ADDRESS:.example.com"], "excluded": ["IP_ADDRESS:::/0"] }
            }
            """);

        Assert.Empty(problems);
        Assert.Equal(["web", "any"], settings.RequestPolicies.Select(policy => policy.Name));
        Assert.Equal(["1.3.6.1.5.5.7.3.3", "1.2.3"], settings.RequestPolicies[1].Usages);
        Assert.True(settings.RequestPolicies[1].AllowForce);
        Assert.Equal(["permitted DNS_NAME:example.com", "permitted EMAIL_ADDRESS:.example.com", "excluded IP_ADDRESS:::/0"], settings.IssuingCaNameConstraints.Lines);
    }
}
