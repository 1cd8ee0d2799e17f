using System.Text.Json.Nodes;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Lambda.Tests.Support;
using ServerlessCA.Slack.Tests.Fakes;

namespace ServerlessCA.Lambda.Tests.Functions;

/// <summary>Runs the same binary under a Lambda runtime API of others (<see cref="ForeignLambda"/>).</summary>
public sealed class ForeignRuntimeTests(AwsFixture aws)
{
    [Fact]
    public async Task Another_Lambda_gets_an_answer_of_every_function()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        await using EmulatedDeployment deployment = await aws.DeployEmptyAsync(
            new Dictionary<string, string> { ["SLACK_API_URL"] = slack.BaseAddress.ToString() });
        await using ForeignLambda lambda = await ForeignLambda.StartAsync(deployment);

        foreach (string handler in (string[])["create-root-ca", "root-ca-crl", "create-issuing-ca", "issuing-ca-crl", "expiry"])
        {
            Assert.Equal((null, false), await lambda.InvokeAsync(handler));
        }

        (JsonNode? first, _) = await lambda.InvokeAsync("tls-cert", SomeCsr.Event("fun.example.com"));
        (JsonNode? second, _) = await lambda.InvokeAsync("tls-cert", SomeCsr.Event("fun2.example.com"));
        Assert.Equal("fun.example.com", first!["CertificateInfo"]!["CommonName"]!.GetValue<string>());
        Assert.Equal("fun2.example.com", second!["CertificateInfo"]!["CommonName"]!.GetValue<string>());
        JsonNode topic = JsonNode.Parse("""{"Records": [{"Sns": {"Subject": "anything", "Message": "{}"}}]}""")!;
        Assert.Equal((null, false), await lambda.InvokeAsync("notify", topic));
        Assert.Single(slack.PostsIn("security"));
    }

    [Fact]
    public async Task Another_Lambda_gets_the_error_of_a_function()
    {
        await using EmulatedDeployment deployment = await aws.DeployEmptyAsync();
        await using ForeignLambda lambda = await ForeignLambda.StartAsync(deployment);

        (JsonNode? crl, bool failed) = await lambda.InvokeAsync("root-ca-crl");
        (JsonNode? refused, bool refusalFailed) = await lambda.InvokeAsync("tls-cert", SomeCsr.Event("fun.example.com"));

        Assert.Equal((true, "StepFailedException"), (failed, crl!["errorType"]!.GetValue<string>()));
        Assert.Equal((false, $"CA {deployment.Names.IssuingCa} not found"), (refusalFailed, refused!["error"]!.GetValue<string>()));
    }
}
