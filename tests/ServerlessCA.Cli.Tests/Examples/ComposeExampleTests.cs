using System.Text.Json.Nodes;

namespace ServerlessCA.Cli.Tests.Examples;

/// <summary>Tests examples/compose: by the schema of Compose, by the names in it, and by running its commands.</summary>
public sealed class ComposeExampleTests
{
    private static readonly string Path = Repository.At("examples", "compose", "compose.yaml");

    [Fact]
    public void The_file_meets_the_schema_and_a_mistake_does_not()
    {
        using var folder = new TemporaryFolder();
        string wrong = folder.Write("compose.yaml", File.ReadAllText(Path).Replace("read_only: true\n  cap_drop", "readonly: true\n  cap_drop", StringComparison.Ordinal));

        Assert.Equal(0, Judge(Path).ExitCode);
        Assert.Contains("readonly", Judge(wrong).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_service_names_is_there()
    {
        JsonObject project = Project();
        JsonObject services = project["services"]!.AsObject();
        foreach ((string name, JsonNode? service) in services)
        {
            IEnumerable<string> volumes = (service!["volumes"] as JsonArray ?? []).Select(volume => volume is JsonObject one ? one["source"]!.GetValue<string>() : volume!.GetValue<string>().Split(':')[0]);
            IEnumerable<string> others = service["depends_on"] switch
            {
                JsonArray list => list.Select(one => one!.GetValue<string>()),
                JsonObject map => map.Select(one => one.Key),
                _ => [],
            };
            Assert.All(volumes, volume => Assert.True(project["volumes"]!.AsObject().ContainsKey(volume), $"{name}: {volume}"));
            Assert.All(others, other => Assert.True(services.ContainsKey(other), $"{name}: {other}"));
            Assert.All(service["secrets"] as JsonArray ?? [], secret => Assert.True(project["secrets"]!.AsObject().ContainsKey(secret!.GetValue<string>()), $"{name}: {secret}"));
        }

        Assert.True(File.Exists(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, project["configs"]!["web"]!["file"]!.GetValue<string>())));
        Assert.True(File.Exists(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, "../..", services["serve"]!["build"]!["dockerfile"]!.GetValue<string>())));
    }

    [Fact]
    public void No_service_has_a_right_or_a_writable_program_that_it_does_not_need_and_secrets_are_files()
    {
        foreach ((string name, JsonNode? service) in Project()["services"]!.AsObject())
        {
            Assert.True(service!["read_only"]!.GetValue<bool>(), name);
            Assert.Equal(["ALL"], KubernetesManifests.Texts(service["cap_drop"]!));
            Assert.Equal(["no-new-privileges:true"], KubernetesManifests.Texts(service["security_opt"]!));
            Assert.Null(service["environment"]);
            Assert.All(service["ports"] as JsonArray ?? [], port => Assert.StartsWith("127.0.0.1:", port!.GetValue<string>(), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_agent_sees_the_published_files_of_the_CA_and_none_of_its_keys()
    {
        JsonArray volumes = Project()["services"]!["agent"]!["volumes"]!.AsArray();

        JsonNode ca = Assert.Single(volumes, volume => volume is JsonObject one && one["source"]!.GetValue<string>() == "ca")!;
        Assert.Equal(("ca/external", true), (ca["volume"]!["subpath"]!.GetValue<string>(), ca["read_only"]!.GetValue<bool>()));
        Assert.DoesNotContain(volumes, volume => volume is JsonValue text && text.GetValue<string>().StartsWith("ca:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_commands_of_the_program_work()
    {
        (string Name, JsonNode? Service)[] ours = [.. Project()["services"]!.AsObject().Where(service => service.Value!["image"]!.GetValue<string>().StartsWith("serverless-ca-agent:", StringComparison.Ordinal)).Select(service => (service.Key, service.Value))];

        Assert.Equal(["make", "serve", "agent"], ours.Select(service => service.Name));
        foreach ((_, JsonNode? service) in ours)
        {
            await ExampleCommand.RunAsync(KubernetesManifests.Texts(service!["command"]!));
        }
    }

    private static JsonObject Project()
    {
        (int exitCode, string output) = Judge(Path);
        Assert.True(exitCode == 0, output);
        return JsonNode.Parse(output)!.AsObject();
    }

    private static (int ExitCode, string Output) Judge(string file)
    {
        Assert.SkipUnless(Directory.Exists(Repository.At("tests", "judges", "node_modules", "dclint")), "npm ci --prefix tests/judges has not run");
        return ForeignProgram.Run("node", Repository.At("tests", "judges", "compose.mjs"), file);
    }
}
