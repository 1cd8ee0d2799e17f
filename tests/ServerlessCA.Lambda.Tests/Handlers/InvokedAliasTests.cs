using ServerlessCA.Lambda.Handlers;
using ServerlessCA.Lambda.Runtime;

namespace ServerlessCA.Lambda.Tests.Handlers;

/// <summary>Reads the policy from the ARN by which a function was invoked.</summary>
public sealed class InvokedAliasTests
{
    private const string Function = "arn:aws:lambda:eu-west-2:123456789012:function:serverless-tls-cert-dev";

    private static readonly string[] Policies = ["web", "users"];

    [Theory]
    [InlineData(Function, null)]
    [InlineData($"{Function}:$LATEST", null)]
    [InlineData($"{Function}:serverless-tls-cert-dev", null)]
    [InlineData($"{Function}:web", "web")]
    [InlineData("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:other:users", "users")]
    public void The_alias_names_the_policy(string arn, string? expected) => Assert.Equal(expected, InvokedAlias.PolicyOf(arn, Policies));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("serverless-tls-cert-dev")]
    [InlineData($"{Function}:")]
    [InlineData($"{Function}:WEB")]
    [InlineData($"{Function}:7")]
    [InlineData($"{Function}:web:users")]
    [InlineData($"{Function}:web, {Function}:users")]
    [InlineData($"{Function}:web\n")]
    public void Whatever_names_no_policy_is_refused(string? arn) =>
        Assert.Throws<UnknownPolicyException>(() => InvokedAlias.PolicyOf(arn, Policies));

    [Theory]
    [InlineData(null)]
    [InlineData($"{Function}:7")]
    [InlineData($"{Function}:live")]
    public void Without_policies_every_ARN_is_the_function_itself(string? arn) => Assert.Null(InvokedAlias.PolicyOf(arn, []));

    [Fact]
    public void The_message_names_the_policies_that_there_are()
    {
        var fault = Assert.Throws<UnknownPolicyException>(() => InvokedAlias.PolicyOf($"{Function}:live", Policies));

        Assert.Equal(
            "'live' is no policy of this CA. Nothing was issued. Invoke the function by the alias of a policy, which are users, web, or by its name alone.",
            fault.Message);
    }
}
