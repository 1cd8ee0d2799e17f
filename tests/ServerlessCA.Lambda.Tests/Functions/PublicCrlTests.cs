using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Aws;
using ServerlessCA.Core.Settings;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Emulators.RuntimeApi;
using ServerlessCA.Lambda.Tests.Support;
using ServerlessCA.Slack.Tests.Fakes;

namespace ServerlessCA.Lambda.Tests.Functions;

/// <summary>Checks what the functions of CRLs log about the public address of their CRL, with the filters of the module's alarms. A proxy
/// stands for the address.</summary>
public sealed class PublicCrlTests(AwsFixture aws)
{
    private static readonly MetricFilter Age = MetricFilter.InFile("alarms-cas.tf", "public_crl_pattern");
    private static readonly MetricFilter Fault = MetricFilter.InFile("alarms-cas.tf", "public_crl_fault_pattern");
    private static readonly MetricFilter Validity = MetricFilter.InFile("alarms-cas.tf", "ca_validity_pattern");

    [Fact]
    public async Task The_age_of_the_public_CRL_and_the_days_of_the_CA_are_numbers_in_the_log()
    {
        byte[] served = [];
        await using LoopbackServer address = await LoopbackServer.StartAsync((_, context) => context.Response.Body.WriteAsync(served).AsTask());
        await using EmulatedDeployment deployment = await aws.DeployAsync(Variables(address));
        served = (await deployment.GetPublishedAsync(CaNames.CrlFile(deployment.Names.IssuingCa))).Content;

        Assert.False((await deployment.InvokeAsync("issuing-ca-crl")).IsError);

        IReadOnlyList<string> lines = await LinesAsync(deployment);
        Assert.InRange(Assert.Single(Age.Matching(lines))["ageSeconds"]!.GetValue<long>(), 0, 3600);
        Assert.Empty(Fault.Matching(lines));
        JsonNode[] days = [.. Validity.Matching(lines)];
        Assert.Equal(2, days.Length);
        Assert.All(days, line => Assert.InRange(line["daysRemaining"]!.GetValue<int>(), 3640, 3650));
        Assert.Equal($"/{CaNames.CrlFile(deployment.Names.IssuingCa)}", Assert.Single(address.Requests).Path);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(302)]
    [InlineData(403)]
    public async Task Whatever_else_comes_from_the_address_is_counted_and_the_next_CRL_is_published(int status)
    {
        await using LoopbackServer address = await LoopbackServer.StartAsync((_, context) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return status == 200 ? context.Response.WriteAsync("<html>parked</html>") : Task.CompletedTask;
        });
        await using EmulatedDeployment deployment = await aws.DeployAsync(Variables(address));

        Assert.False((await deployment.InvokeAsync("issuing-ca-crl")).IsError);

        IReadOnlyList<string> lines = await LinesAsync(deployment);
        Assert.Single(Fault.Matching(lines));
        Assert.Empty(Age.Matching(lines));
        Assert.Equal("1 2", Published(lines));
        Assert.Single(address.Requests);
    }

    [Fact]
    public async Task A_look_that_could_not_be_taken_is_counted_and_the_next_CRL_is_published()
    {
        await using LoopbackServer address = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using EmulatedDeployment deployment = await aws.DeployAsync(Variables(address));
        deployment.Gateway.Refuse("s3", times: new AwsRetryPolicy().Attempts);

        Assert.False((await deployment.InvokeAsync("issuing-ca-crl")).IsError);

        IReadOnlyList<string> lines = await LinesAsync(deployment);
        Assert.StartsWith("nobody looked for the public CRL of", Assert.Single(Fault.Matching(lines))["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("1 2", Published(lines));
        Assert.Empty(address.Requests);
    }

    private static Dictionary<string, string> Variables(LoopbackServer address) => new()
    {
        ["PUBLIC_CRL"] = "enabled",
        ["DOMAIN"] = "crl.example.com",
        ["http_proxy"] = address.Address.ToString(),
        ["no_proxy"] = "127.0.0.1",
    };

    private static string Published(IEnumerable<string> lines) =>
        string.Join(' ', MetricFilter.InFile("alarms.tf", "crl_pattern").Matching(lines).Select(json => json["number"]!.GetValue<int>()));

    // Returns all lines of the function, which has ended then.
    private static async Task<IReadOnlyList<string>> LinesAsync(EmulatedDeployment deployment)
    {
        LambdaFunction function = await deployment.FunctionAsync("issuing-ca-crl");
        await function.TerminateAsync(TestContext.Current.CancellationToken);
        return function.Lines;
    }
}
