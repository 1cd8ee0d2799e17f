using ServerlessCA.Cli.Tests.Agent;
using ServerlessCA.Cli.Tests.Packaging;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Core;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Tests that people see which program they have.</summary>
public sealed class VersionTests
{
    [Fact]
    public void The_program_is_of_the_version_that_the_sources_are() =>
        Assert.Equal((ToolTests.Version, $"serverless-ca/{ToolTests.Version}"), (Product.Version, Product.UserAgent));

    [Fact]
    public async Task The_command_and_the_option_tell_the_version()
    {
        using var session = new Session();

        Assert.Equal($"serverless-ca {ToolTests.Version}\n", (await session.RunRawAsync("version")).Done().Output);
        Assert.Equal($"serverless-ca {ToolTests.Version}\n", (await session.RunRawAsync("--version")).Done().Output);
        Assert.Equal(ToolTests.Version, (await session.RunRawAsync("version", "--output", "json")).Done().Json.GetProperty("Version").GetString());
    }

    [Fact]
    public async Task Health_tells_the_version()
    {
        using Session session = await new Session().WithCaAsync();

        Assert.EndsWith($"; serverless-ca {ToolTests.Version}\n", (await session.RunAsync("health")).Done().Output, StringComparison.Ordinal);
        Assert.Equal(ToolTests.Version, (await session.RunAsync("health", "--output", "json")).Done().Json.GetProperty("Version").GetString());
    }

    [Fact]
    public async Task The_first_line_of_an_agent_tells_the_version()
    {
        using Session session = await RunningAgent.NewSession().WithCaAsync();
        await using var agent = new RunningAgent(session, "--ca", $"local:{session.Data}");
        await agent.UntilAsync(() => agent.Version > 0, TimeSpan.FromSeconds(1));

        Assert.Matches($"^[0-9TZ:-]+ started: serverless-ca {ToolTests.Version.Replace(".", "\\.", StringComparison.Ordinal)}\n", agent.Journal);
    }
}
