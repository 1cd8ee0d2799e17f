using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Tests.Agent;

/// <summary>Tests the agent with a CA on AWS.</summary>
public sealed class AgentAwsTests
{
    private static readonly TimeSpan Renewal = TimeSpan.FromDays(22); // after two thirds of 30 days, and their jitter

    [Fact]
    public async Task It_renews_and_recovers_when_AWS_does()
    {
        OpenSsl.IsNeeded();
        using Session session = RunningAgent.NewSession();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        await using var agent = new RunningAgent(session, "--ca", ca.Location, "--san", "app.example.com");
        await agent.UntilVersionAsync(1);
        ((FakeTimeProvider)session.Clock).Advance(Renewal);
        await agent.UntilVersionAsync(2);
        ca.Functions.Answer(403, """{"message": "The security token included in the request is expired"}""", errorType: "ExpiredTokenException");
        ((FakeTimeProvider)session.Clock).Advance(Renewal);
        await agent.UntilAsync(() => agent.Journal.Split("log in again").Length > 2, TimeSpan.FromSeconds(10));
        ca.Functions.Before = null;
        await agent.UntilAsync(() => agent.Version == 3, TimeSpan.FromSeconds(10));

        OpenSsl.Run(
            "verify", "-x509_strict", "-attime", session.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            "-CAfile", Path.Combine(session.Certs, "ca-bundle.pem"), Path.Combine(session.Certs, "client-cert.pem"));
        Assert.Equal(RunningAgent.LoadSet(session.Certs), RunningAgent.LoadCombined(session.Certs));
        Assert.Equal(3, (await IssuedAsync(ca, "app.example.com")).Count);
        Assert.Equal(3, ca.Functions.Events.Distinct().Count()); // one request for each certificate, retried unchanged
    }

    [Fact]
    public async Task Once_gets_one_and_keeps_it()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        string[] once = ["agent", "--once", "--common-name", "a", "--out", session.Certs, "--ca", ca.Location];

        (await session.RunRawAsync(once)).Done();
        Result again = (await session.RunRawAsync(once)).Done();

        Assert.Contains(" holds: ", again.Error, StringComparison.Ordinal);
        Assert.StartsWith("agent-", JsonNode.Parse(ca.Functions.Events.Single())!["idempotency_token"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_answer_costs_no_second_certificate()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        string[] once = ["agent", "--once", "--patience", "0s", "--common-name", "a", "--out", session.Certs, "--ca", ca.Location];
        ca.Functions.After = (context, _) =>
        {
            context.Abort();
            return Task.FromResult(false);
        };

        Result lost = await session.RunRawAsync(once);
        ca.Functions.After = null;
        (await session.RunRawAsync(once)).Done();

        Assert.Equal(ExitCode.Fault, lost.ExitCode);
        Assert.Single(ca.Functions.Events.Distinct());
        Assert.Single(await IssuedAsync(ca, "a"));
    }

    [Theory]
    [InlineData(ExitCode.Fault, "aws://no-such-project/dev", "there is no function 'no-such-project-tls-cert-dev' in eu-west-2, account 123456789012")]
    [InlineData(ExitCode.Usage, "?profile=missing", "there is no AWS profile 'missing'")]
    [InlineData(ExitCode.Usage, "?profile=nowhere", "region")]
    public async Task What_cannot_be_is_one_message_and_no_files(int exitCode, string location, string message)
    {
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);

        Result result = await session.RunRawAsync(
            "agent", "--once", "--patience", "0s", "--common-name", "a", "--out", session.Certs, "--ca", location[0] == '?' ? ca.Location + location : location);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains("\nerror: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal(0, RunningAgent.VersionOf(session.Certs));
        Assert.False(File.Exists(Path.Combine(session.Certs, ".agent", "pending.json")) && location[0] == '?'); // no request was made
    }

    private static async Task<IReadOnlyList<CertificateRecord>> IssuedAsync(AwsCa ca, string name) =>
        await ca.Core.Ledger.FindByNameAsync(name, TestContext.Current.CancellationToken);
}
