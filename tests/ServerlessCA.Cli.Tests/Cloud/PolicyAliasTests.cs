using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;

namespace ServerlessCA.Cli.Tests.Cloud;

/// <summary>Tests that <c>policy=</c> invokes the alias of the policy, and nothing else.</summary>
public sealed class PolicyAliasTests
{
    private const string Other = "999988887777";

    [Fact]
    public async Task The_alias_is_invoked_by_the_name_of_the_function()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();

        (await session.RunRawAsync("request", "--common-name", "a.example.com", "--out", session.Certs, "--ca", $"{ca.Location}?policy=web")).Done();

        Assert.Equal([$"{ca.Names.Function("tls-cert")}:web"], ca.Functions.Named.Select(Uri.UnescapeDataString));
    }

    [Theory]
    [InlineData("?account={0}&policy=web", ":web")]
    [InlineData("?function={1}&policy=web", ":web")]
    [InlineData("?function={1}:web&policy=web", ":web")]
    [InlineData("?function={1}:web", ":web")]
    public async Task The_alias_follows_the_ARN(string query, string qualifier)
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        string function = $"arn:aws:lambda:eu-west-2:{Other}:function:{ca.Names.Function("tls-cert")}";
        string location = ca.Location + query.Replace("{0}", Other, StringComparison.Ordinal).Replace("{1}", function, StringComparison.Ordinal);

        (await session.RunRawAsync("chain", "--ca", location)).Done();

        Assert.Equal([function + qualifier], ca.Functions.Named.Select(Uri.UnescapeDataString));
    }

    [Fact]
    public async Task An_alias_that_is_not_there_is_named()
    {
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        ca.Functions.Answer(404, """{"Message": "Cannot find alias arn: web"}""", errorType: "ResourceNotFoundException");

        Result result = await session.RunRawAsync("chain", "--ca", $"{ca.Location}?policy=web");

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains($"there is no function '{ca.Names.Function("tls-cert")}:web'", result.Error, StringComparison.Ordinal);
    }
}
