using System.Text.Json.Nodes;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Emulators.RuntimeApi;
using ServerlessCA.Lambda.Tests.Faults;
using ServerlessCA.Lambda.Tests.Support;
using ServerlessCA.Slack.Tests.Fakes;

namespace ServerlessCA.Lambda.Tests.Functions;

/// <summary>Runs <c>notify</c>, from the topic's message to Slack.</summary>
public sealed class NotifyTests(AwsFixture aws)
{
    [Fact]
    public async Task A_message_of_the_topic_reaches_every_channel()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        await using EmulatedDeployment deployment = await DeployAsync(slack);

        FunctionAnswer answer = await deployment.InvokeAsync("notify", Event("Certificate Revoked"));

        Assert.Equal("null", answer.Text);
        foreach (string channel in (string[])["ca-notifications", "security"])
        {
            string post = Assert.Single(slack.PostsIn(channel)).ToJsonString();
            Assert.Contains("old.example.com", post, StringComparison.Ordinal);
            Assert.Contains(EmulatedAws.AccountAlias, post, StringComparison.Ordinal);
            Assert.Contains(deployment.Names.Project, post, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_failing_channel_does_not_stop_the_others_and_fails_nothing()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("ca-notifications", FakeSlack.Error("channel_not_found"));
        await using EmulatedDeployment deployment = await DeployAsync(slack);

        FunctionAnswer answer = await deployment.InvokeAsync("notify", Event("Certificate Revoked"));

        Assert.Equal("null", answer.Text);
        Assert.Single(slack.PostsIn("security"));
        Assert.Contains((await deployment.FunctionAsync("notify")).Lines, line => line.Contains("channel_not_found", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("hunter2-is-no-bot-token")]
    public async Task Without_a_token_it_logs_and_does_nothing(string? token)
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        await using EmulatedDeployment deployment = await DeployAsync(slack);
        aws.ForgetSecret(deployment.SecretArn);
        if (token is not null)
        {
            aws.SetSecret(deployment.SecretArn, token);
        }

        FunctionAnswer answer = await deployment.InvokeAsync("notify", Event("Certificate Issued"));

        Assert.Equal("null", answer.Text);
        Assert.Empty(slack.Calls);
        IReadOnlyList<string> lines = (await deployment.FunctionAsync("notify")).Lines;
        Assert.Contains(lines, line => line.Contains("Slack token", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_the_token_cannot_be_read_it_fails_and_the_next_try_posts_once()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        await using EmulatedDeployment deployment = await DeployAsync(slack);
        deployment.Gateway.Refuse("secretsmanager", times: 20);

        FunctionAnswer early = await deployment.InvokeAsync("notify", Event("Certificate Revoked"));
        deployment.Gateway.Refuse("secretsmanager", times: 0);
        FunctionAnswer late = await deployment.InvokeAsync("notify", Event("Certificate Revoked"));

        Assert.Equal("AwsCallException", early.ErrorType);
        Assert.Contains("Secrets Manager GetSecretValue", early.Text, StringComparison.Ordinal);
        Assert.Equal("null", late.Text);
        Assert.Single(slack.PostsIn("security"));
    }

    [Fact]
    public async Task A_message_has_no_alias_if_the_account_does_not_give_it_in_time()
    {
        await using EmulatedDeployment deployment = await aws.DeployServicesAsync();
        await using var functions = new FaultyFunctions(deployment);
        await functions.StartSlackAsync();
        var silent = new PlannedFault(CallFault.Hangs, new NamedCall("Action=ListAccountAliases", 1), deployment.Names.Project);

        await functions.RunAsync("notify", Event("Certificate Revoked"), silent, deadline: TimeSpan.FromSeconds(30));

        Assert.True(silent.Happened);
        Assert.DoesNotContain(EmulatedAws.AccountAlias, Assert.Single(functions.Slack!.PostsIn("security")).ToJsonString(), StringComparison.Ordinal);
    }

    private Task<EmulatedDeployment> DeployAsync(FakeSlack slack) =>
        aws.DeployEmptyAsync(new Dictionary<string, string> { ["SLACK_API_URL"] = slack.BaseAddress.ToString() });

    private static JsonObject Event(string subject) => new()
    {
        ["Records"] = new JsonArray(new JsonObject
        {
            ["EventSource"] = "aws:sns",
            ["Sns"] = new JsonObject
            {
                ["Subject"] = subject,
                ["Message"] = """{"CommonName": "old.example.com", "SerialNumber": "7", "Revoked": "2026-01-01 00:00:00", "Subject": "CN=old.example.com"}""",
            },
        }),
    };
}
