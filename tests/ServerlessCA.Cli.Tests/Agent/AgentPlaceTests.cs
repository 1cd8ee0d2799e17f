using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Agent;

/// <summary>Tests the folder that the agent writes to by default, and a CA that does not exist.</summary>
public sealed class AgentPlaceTests
{
    [Fact]
    public async Task Outside_of_containers_the_agent_makes_no_folder_at_the_root()
    {
        using Session session = await new Session { Exists = _ => false }.WithCaAsync();

        Result result = await session.RunAsync("agent", "--once", "--common-name", "a");

        Assert.Equal(
            new Result(ExitCode.Usage, "", "error: there is no folder '/certs', where an agent in a container writes\nhint: name a folder: --out FOLDER\n"), result);
    }

    [Theory]
    [InlineData("/certs", null)]
    [InlineData("/.dockerenv", null)]
    [InlineData("/run/.containerenv", null)]
    [InlineData(null, "KUBERNETES_SERVICE_HOST")]
    [InlineData(null, "ECS_CONTAINER_METADATA_URI_V4")]
    [InlineData(null, "container")]
    public async Task In_a_container_or_where_the_folder_is_there_it_is_the_one(string? file, string? variable)
    {
        using var session = new Session { Exists = path => path == file };
        session.Variables[variable ?? "OTHER"] = "1";

        // It fails when it opens the CA, which does not exist, before anything is written.
        Result result = await session.RunAsync("agent", "--once", "--common-name", "a");

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.StartsWith($"error: there is no folder '{session.Data}'\n", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--once")]
    [InlineData("--once", "--patience", "10m")]
    [InlineData]
    public async Task A_CA_in_a_folder_that_is_not_there_is_reported_at_once(params string[] options)
    {
        using var session = new Session();

        Result result = await session.RunRawAsync(
            ["agent", "--common-name", "a", "--out", session.Certs, "--ca", $"local:{session.Folder.At("nowhere")}", .. options]);

        Assert.Equal(
            new Result(ExitCode.Fault, "", $"error: there is no folder '{session.Folder.At("nowhere")}'\nhint: name the folder of a CA: --ca local:FOLDER; 'serverless-ca run' makes one\n"),
            result);
        Assert.False(Directory.Exists(session.Certs));
    }
}
