using System.Text.Json.Nodes;
using ServerlessCA.Cli.Tests.Agent;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Examples;

/// <summary>Tests examples/agent: manifests by the schemas of Kubernetes, the task definition by the requirements of ECS,
/// and every command line in them by running it.</summary>
public sealed class AgentExampleTests
{
    private static readonly string Folder = Repository.At("examples", "agent");

    [Fact]
    public void Manifests_meet_the_schemas_and_mount_volumes_that_are_there()
    {
        JsonObject[] resources = KubernetesManifests.Resources();

        Assert.True(resources.Length >= KubernetesManifests.Files.Length);
        string[] configurations = [.. resources.Where(resource => resource["kind"]!.GetValue<string>() == "ConfigMap").Select(resource => resource["metadata"]!["name"]!.GetValue<string>())];
        foreach (JsonObject pod in resources.SelectMany(resource => KubernetesManifests.Objects(resource, "containers")))
        {
            string[] volumes = [.. pod["volumes"]!.AsArray().Select(volume => volume!["name"]!.GetValue<string>())];
            Assert.All(pod["volumes"]!.AsArray().Select(volume => volume!["configMap"]).OfType<JsonNode>(), map => Assert.Contains(map["name"]!.GetValue<string>(), configurations));
            Assert.True(pod["securityContext"]!["runAsNonRoot"]!.GetValue<bool>());
            foreach (JsonNode? container in pod["initContainers"]!.AsArray().Concat(pod["containers"]!.AsArray()))
            {
                Assert.All(container!["volumeMounts"]!.AsArray(), mount => Assert.Contains(mount!["name"]!.GetValue<string>(), volumes));
                Assert.False(container["securityContext"]!["allowPrivilegeEscalation"]!.GetValue<bool>());
            }
        }
    }

    [Fact]
    public async Task Command_lines_of_the_manifests_get_a_certificate()
    {
        string[][] commands = [.. KubernetesManifests.Containers("serverless-ca-agent").Select(container => KubernetesManifests.Texts(container["args"]!))];

        Assert.Equal(2, commands.Length);
        foreach (string[] command in commands)
        {
            await RunAsync(command);
        }
    }

    [Fact]
    public async Task The_task_definition_is_whole_and_its_command_lines_work()
    {
        JsonObject task = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "ecs", "task-definition.json"), TestContext.Current.CancellationToken))!.AsObject();
        JsonArray containers = task["containerDefinitions"]!.AsArray();
        string[] names = [.. containers.Select(container => container!["name"]!.GetValue<string>())];
        string[] volumes = [.. task["volumes"]!.AsArray().Select(volume => volume!["name"]!.GetValue<string>())];
        JsonNode agent = containers[0]!;

        // Fargate requires awsvpc, sizes of its table, and a role to write logs with.
        Assert.Equal(("awsvpc", "256", "512"), (task["networkMode"]!.GetValue<string>(), task["cpu"]!.GetValue<string>(), task["memory"]!.GetValue<string>()));
        Assert.NotNull(task["executionRoleArn"]);
        Assert.All(containers, container => Assert.All(container!["mountPoints"]!.AsArray(), mount => Assert.Contains(mount!["sourceVolume"]!.GetValue<string>(), volumes)));
        Assert.All(containers[1]!["dependsOn"]!.AsArray(), other => Assert.Contains(other!["containerName"]!.GetValue<string>(), names));
        Assert.NotNull(agent["healthCheck"]); // the other containers wait for HEALTHY
        await RunAsync(KubernetesManifests.Texts(agent["command"]!));
        string[] check = KubernetesManifests.Texts(agent["healthCheck"]!["command"]!);
        Assert.Equal("CMD", check[0]);
        Assert.Contains($"ENTRYPOINT [\"{check[1]}\"]", await File.ReadAllTextAsync(Path.Combine(Folder, "Dockerfile"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var session = new Session();
        Assert.NotEqual(ExitCode.Usage, (await session.RunRawAsync(check[2..])).ExitCode);
    }

    [Fact]
    public void The_image_is_built_from_what_is_there()
    {
        string text = File.ReadAllText(Path.Combine(Folder, "Dockerfile"));

        Assert.True(Directory.Exists(Repository.At("src", "ServerlessCA.Cli")));
        Assert.Contains("dotnet publish src/ServerlessCA.Cli ", text, StringComparison.Ordinal);
        Assert.Contains("USER $APP_UID", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_were_made_in_the_repository_do_not_go_to_who_builds_the_image()
    {
        string[] left = File.ReadAllLines(Repository.At(".dockerignore"));

        Assert.All(["**/.serverless-ca", "**/certs", "**/*-key.pem", ".git"], pattern => Assert.Contains(pattern, left));
    }

    // The same command line, except for the locations of the CA and the files.
    private static async Task RunAsync(string[] command)
    {
        using Session session = await new Session().WithCaAsync();
        string[] here = [.. command.Where(word => !word.StartsWith("--ca=", StringComparison.Ordinal) && !word.StartsWith("--out=", StringComparison.Ordinal)
            && word != "--once" && !word.StartsWith("--owner=", StringComparison.Ordinal) && !word.StartsWith("--signal=", StringComparison.Ordinal)
            && !word.StartsWith("--pid-file=", StringComparison.Ordinal))];
        Assert.InRange(command.Length - here.Length, 2, 4);

        (await session.RunAsync([.. here, "--once", "--out", session.Certs])).Done();

        Assert.Equal(1, RunningAgent.VersionOf(session.Certs));
    }
}
