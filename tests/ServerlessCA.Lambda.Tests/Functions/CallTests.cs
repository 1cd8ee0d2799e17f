using System.Text.Json.Nodes;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Emulators.Gateway;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Functions;

/// <summary>Counts the calls of AWS that one issuance needs.</summary>
public sealed class CallTests(AwsFixture aws)
{
    // Much longer than the function needs between two calls that do not wait for each other.
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task A_warm_issue_is_four_calls_one_after_another_and_one_of_them_is_to_KMS()
    {
        await using EmulatedDeployment deployment = await aws.DeployAsync();
        await IssueAsync(deployment, "cold.example.com");
        await RemovedAsync(deployment); // the last call of the first issuance
        deployment.Gateway.Clear();
        deployment.Gateway.Latency = Latency;

        await IssueAsync(deployment, "warm.example.com");

        IReadOnlyList<AwsCall> calls = Waited(deployment);
        Assert.True(AwsCall.LongestChain(calls) <= 4, Names(calls));
        Assert.Equal(["Sign"], calls.Where(call => call.Service == "kms").Select(call => call.Operation));
        Assert.DoesNotContain(calls, call => call.Operation == "Scan");
    }

    [Fact]
    public async Task A_cold_issue_needs_one_call_more()
    {
        await using EmulatedDeployment deployment = await aws.DeployAsync();
        deployment.Gateway.Clear();
        deployment.Gateway.Latency = Latency;

        await IssueAsync(deployment, "cold.example.com");

        IReadOnlyList<AwsCall> calls = Waited(deployment);
        Assert.True(AwsCall.LongestChain(calls) <= 5, Names(calls));
        Assert.Equal(["Sign"], calls.Where(call => call.Service == "kms").Select(call => call.Operation));
    }

    private static string Names(IReadOnlyList<AwsCall> calls) =>
        string.Join(", ", calls.Select(call => $"{call.Service}:{call.Operation} {call.Begun % 1_000_000_000 / 1000}-{call.Ended % 1_000_000_000 / 1000}"));

    // Waits until the delivered event is removed from the outbox, which happens after the answer.
    private static async Task RemovedAsync(EmulatedDeployment deployment)
    {
        while (!deployment.Gateway.Calls.Any(call => call.Permissions.Any(permission => permission.Action == "dynamodb:DeleteItem")))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
        }
    }

    private static async Task IssueAsync(EmulatedDeployment deployment, string name)
    {
        JsonObject request = SomeCsr.Event(name);
        request["notify_issued"] = true;
        JsonNode answer = (await deployment.InvokeAsync("tls-cert", request)).Json!;
        Assert.NotNull(answer["CertificateInfo"]);
    }

    // The calls after the message was published are made after the answer.
    private static IReadOnlyList<AwsCall> Waited(EmulatedDeployment deployment)
    {
        IReadOnlyList<AwsCall> calls = deployment.Gateway.Calls;
        long published = calls.Single(call => call.Service == "sns").Ended;
        return [.. calls.Where(call => call.Begun < published)];
    }
}
