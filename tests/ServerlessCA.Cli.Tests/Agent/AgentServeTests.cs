using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Agent;

/// <summary>Tests the agent with <c>serve</c> as on two machines: with TLS and authenticated callers.</summary>
public sealed class AgentServeTests
{
    private const string Token = "token-for-tests-only";

    // The server's certificate is checked by the machine's clock. The test's clock runs ahead of it by less than the five
    // minutes by which certificates are backdated.
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(31);

    [Theory]
    [InlineData("http", "--token-file")]
    [InlineData("https", "--token-file")]
    [InlineData("https", "--client-cert")]
    public async Task It_renews_and_outlives_a_restart_of_the_server(string scheme, string access)
    {
        using Session session = await RunningAgent.NewSession(isNow: true).WithCaAsync();
        (await session.RunAsync("request", "--common-name", "caller", "--out", session.Folder.At("caller"))).Done();
        string token = session.Folder.Write("token", Token);
        string[] callers = access == "--token-file" ? [access, token] : ["--allow-client", "caller"];
        string[] options = [.. callers, .. scheme == "https" ? (string[])["--tls-name", "127.0.0.1"] : []];
        string url;
        await using (BackgroundCommand first = await BackgroundCommand.ServeAsync(session, options))
        {
            url = first.Url;
            Assert.StartsWith($"{scheme}://", url, StringComparison.Ordinal);
        }

        string shown = access == "--token-file" ? token : session.Folder.At("caller", "client-cert-combined.pem");
        string[] trust = scheme == "https" ? ["--ca-file", session.Folder.At("caller", "ca-bundle.pem")] : [];
        await using var agent = new RunningAgent(session, ["--ca", url, "--renew-every", "30s", access, shown, .. trust]);
        await agent.UntilAsync(() => agent.Journal.Contains("failed: ", StringComparison.Ordinal), TimeSpan.Zero);
        string[] again = ["--listen", new Uri(url).Authority, .. options];
        await using (await BackgroundCommand.ServeAsync(session, again))
        {
            await agent.UntilAsync(() => agent.Version == 1, RunningAgent.Creeping);
            ((FakeTimeProvider)session.Clock).Advance(Renewal);
            await agent.UntilVersionAsync(2);
        }

        ((FakeTimeProvider)session.Clock).Advance(Renewal);
        await agent.UntilAsync(() => agent.Journal.Split("failed: ").Length > 2, RunningAgent.Creeping);
        string held = RunningAgent.LoadSet(session.Certs);
        await using (await BackgroundCommand.ServeAsync(session, again))
        {
            await agent.UntilAsync(() => agent.Version == 3, RunningAgent.Creeping);
        }

        Assert.NotEqual(held, RunningAgent.LoadSet(session.Certs));
        Assert.Equal(RunningAgent.LoadSet(session.Certs), RunningAgent.LoadCombined(session.Certs));
        Assert.Contains($"failed: '{url}/' cannot be reached: ", agent.Journal, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, agent.Journal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_ends_by_what_the_server_says()
    {
        using Session session = await new Session().WithCaAsync();
        string token = session.Folder.Write("token", Token);
        string other = session.Folder.Write("other", "another-token-for-tests");
        await using BackgroundCommand serve = await BackgroundCommand.ServeAsync(session, "--token-file", token);
        string[] once = ["agent", "--once", "--patience", "0s", "--common-name", "a", "--out", session.Certs, "--ca", serve.Url];

        Result unknown = await session.RunRawAsync([.. once, "--token-file", other]);
        Assert.Equal(0, RunningAgent.VersionOf(session.Certs));
        Result refused = await session.RunRawAsync([.. once, "--token-file", token, "--lifetime", "0"]);
        (await session.RunRawAsync([.. once, "--token-file", token])).Done();
        Result again = (await session.RunRawAsync([.. once, "--token-file", token])).Done();

        Assert.Equal(ExitCode.Fault, unknown.ExitCode);
        Assert.Contains("\nhint: give the token ", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Refused, refused.ExitCode);
        Assert.Contains(" holds: ", again.Error, StringComparison.Ordinal);
        Assert.Equal(1, RunningAgent.VersionOf(session.Certs));
    }
}
