using System.Text.Json.Nodes;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Emulators.RuntimeApi;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Functions;

/// <summary>Checks the functions of CRLs with the events of Terraform's schedule and the filters of its alarms.</summary>
public sealed class CrlEventTests(AwsFixture aws)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_filter_of_the_alarm_counts_each_CRL_in_place_once_whether_or_not_its_step_failed()
    {
        await using EmulatedDeployment deployment = await aws.DeployAsync(); // publishes both CRLs once
        await deployment.PutInternalAsync("revoked.json", "{");
        FunctionAnswer failed = await deployment.InvokeAsync("issuing-ca-crl");

        Assert.Equal("StepFailedException", failed.ErrorType);
        Assert.Equal("1 2", Counted(await LinesAsync(deployment, "issuing-ca-crl")));
        Assert.Equal("1", Counted(await LinesAsync(deployment, "root-ca-crl")));
        Assert.Empty(Counted(await LinesAsync(deployment, "create-issuing-ca")));
    }

    [Fact]
    public async Task The_filter_of_the_alarm_does_not_count_a_run_that_published_nothing()
    {
        await using EmulatedDeployment deployment = await aws.DeployAsync();
        deployment.Gateway.Refuse("kms", times: 20);

        FunctionAnswer failed = await deployment.InvokeAsync("root-ca-crl");

        Assert.True(failed.IsError);
        Assert.Equal("1", Counted(await LinesAsync(deployment, "root-ca-crl")));
    }

    // A schedule by rate begins at its deployment, before the pipeline has run.
    [Theory]
    [InlineData("""{"scheduled": true}""", null)]
    [InlineData("""{"scheduled": "true"}""", "StepFailedException")]
    [InlineData("""[{"scheduled": true}]""", "StepFailedException")]
    [InlineData("{}", "StepFailedException")]
    public async Task A_scheduled_run_before_the_CA_was_created_is_no_failure(string input, string? error)
    {
        await using EmulatedDeployment deployment = await aws.DeployEmptyAsync();

        FunctionAnswer answer = await deployment.InvokeAsync("root-ca-crl", JsonNode.Parse(input));

        Assert.Equal(error, answer.ErrorType);
        IReadOnlyList<string> lines = await LinesAsync(deployment, "root-ca-crl");
        Assert.Contains(lines, line => line.Contains("the CA does not exist yet", StringComparison.Ordinal));
        Assert.Empty(Counted(lines));
    }

    // Returns all lines of the function, which has ended then.
    private static async Task<IReadOnlyList<string>> LinesAsync(EmulatedDeployment deployment, string handler)
    {
        LambdaFunction function = await deployment.FunctionAsync(handler);
        await function.TerminateAsync(Cancellation);
        return function.Lines;
    }

    // Returns the numbers of the CRLs in the lines that match the filter.
    private static string Counted(IEnumerable<string> lines) =>
        string.Join(' ', MetricFilter.InFile("alarms.tf", "crl_pattern").Matching(lines).Select(json => json["number"]!.GetValue<int>()));
}
