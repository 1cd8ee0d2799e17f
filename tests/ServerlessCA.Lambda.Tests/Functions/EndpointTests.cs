using ServerlessCA.Emulators;
using ServerlessCA.Emulators.RuntimeApi;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Functions;

/// <summary>Checks by a proxy which hosts the functions call.</summary>
public sealed class EndpointTests
{
    private const string Topic = """{"Records": [{"Sns": {"Subject": "Certificate Issued", "Message": "{}"}}]}""";

    [Theory]
    [InlineData("tls-cert", """{"common_name": "a.example.com"}""", "dynamodb-fips.us-east-1.amazonaws.com:443")]
    [InlineData("issuing-ca-crl", "{}", "dynamodb-fips.us-east-1.amazonaws.com:443")]
    [InlineData("expiry", "{}", "dynamodb-fips.us-east-1.amazonaws.com:443")]
    [InlineData("notify", Topic, "secretsmanager-fips.us-east-1.amazonaws.com:443")]
    public async Task Functions_ask_for_the_FIPS_endpoints_that_their_environment_wants(string handler, string input, string among)
    {
        await using ConnectProxy proxy = ConnectProxy.Start();
        Dictionary<string, string> environment = SomeFunctions.Environment()
            .With("AWS_USE_FIPS_ENDPOINT", "true").With("AWS_REGION", "us-east-1").With("HTTPS_PROXY", proxy.Address.ToString()).With("AWS_ENDPOINT_URL", "");
        await using LambdaFunction function = await LambdaFunction.StartAsync(SomeFunctions.Setup(handler, environment));

        await function.InvokeAsync(System.Text.Encoding.UTF8.GetBytes(input));

        Assert.Contains(among, proxy.Hosts);
        Assert.All(proxy.Hosts, host => Assert.Contains("-fips.", host, StringComparison.Ordinal));
    }
}
