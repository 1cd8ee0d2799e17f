using System.Text.Json.Nodes;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Examples;

/// <summary>Tests examples/helm: helm renders the chart to what is in tests/golden/helm (UPDATE_GOLDEN=1 writes it), the schemas of
/// Kubernetes judge that, and its commands are run.</summary>
public sealed class HelmChartTests
{
    private static readonly string Chart = Repository.At("examples", "helm", "serverless-ca");

    // The default, and each file of examples/helm/values.
    private static readonly string[] Names =
        ["default", .. Directory.EnumerateFiles(Repository.At("examples", "helm", "values"), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Values => [.. Names];

    [Theory]
    [MemberData(nameof(Values))]
    public void Helm_renders_the_chart_to_the_manifests_that_are_tested(string name)
    {
        (int exitCode, string output) = Helm.Run(["template", "ca", Chart, "--namespace", "pki", "--kube-version", "1.31.0", .. With(name)]);
        Assert.True(exitCode == 0, output);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Golden(name), output);
        }

        Assert.Equal(File.ReadAllText(Golden(name)), output);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Helm_has_nothing_against_the_chart(string name)
    {
        (int exitCode, string output) = Helm.Run(["lint", "--strict", Chart, .. With(name)]);

        Assert.True(exitCode == 0, output);
    }

    [Theory]
    [InlineData("serve.port=443", "port")]
    [InlineData("serve.tokenSecret=", "tokenSecret")]
    [InlineData("serve.gitops.secret=x", "secret")]
    [InlineData("agent.enabled=true", "ca")]
    [InlineData("serve.replicas=2", "replicas")]
    [InlineData("user=0", "user")]
    [InlineData("serve.serviceMonitor.enabled=true", "metricsToken")]
    [InlineData("serve.serviceMonitor.enabled=true,serve.metricsToken=true", "caConfigMap")]
    [InlineData("serve.tokenPolicies={a b}", "tokenPolicies")]
    public void Helm_refuses_values_that_do_not_work(string set, string named)
    {
        (int exitCode, string output) = Helm.Run(["template", "ca", Chart, "--kube-version", "1.31.0", "--set", set]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(named, output, StringComparison.Ordinal);
        Assert.Contains("values don't meet the specifications of the schema", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_values_have_what_the_schema_has()
    {
        JsonObject values = await YamlAsync(Path.Combine(Chart, "values.yaml"));
        JsonObject schema = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Chart, "values.schema.json"), TestContext.Current.CancellationToken))!.AsObject();

        Assert.Equal(["valid"], await JsonSchemas.JudgeAsync(schema.ToJsonString(), [values]));
        foreach (string part in (string[])["image", "serve", "agent"])
        {
            Assert.Equal(
                schema["properties"]![part]!["properties"]!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal),
                values[part]!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void The_manifests_meet_the_schemas_of_Kubernetes_and_mount_volumes_that_are_there()
    {
        foreach (JsonObject resource in Names.SelectMany(Rendered))
        {
            foreach (JsonObject pod in KubernetesManifests.Objects(resource, "containers"))
            {
                string[] volumes =
                [
                    .. pod["volumes"]!.AsArray().Select(volume => volume!["name"]!.GetValue<string>()),
                    .. (resource["spec"]!["volumeClaimTemplates"] as JsonArray ?? []).Select(claim => claim!["metadata"]!["name"]!.GetValue<string>()),
                ];
                Assert.True(pod["securityContext"]!["runAsNonRoot"]!.GetValue<bool>());
                Assert.False(pod["automountServiceAccountToken"]!.GetValue<bool>());
                Assert.Equal("OnRootMismatch", pod["securityContext"]!["fsGroupChangePolicy"]!.GetValue<string>()); // key files stay closed to the group
                foreach (JsonNode? container in pod["initContainers"]!.AsArray().Concat(pod["containers"]!.AsArray()))
                {
                    Assert.All(container!["volumeMounts"]!.AsArray(), mount => Assert.Contains(mount!["name"]!.GetValue<string>(), volumes));
                    Assert.False(container["securityContext"]!["allowPrivilegeEscalation"]!.GetValue<bool>());
                    Assert.True(container["securityContext"]!["readOnlyRootFilesystem"]!.GetValue<bool>());
                    Assert.Equal(["ALL"], KubernetesManifests.Texts(container["securityContext"]!["capabilities"]!["drop"]!));
                    Assert.Null(container["env"]); // secrets come as files
                }
            }
        }
    }

    [Fact]
    public void One_pod_writes_the_ledger_and_the_service_leads_to_it()
    {
        JsonObject[] resources = Rendered("serve-gitops");
        JsonNode set = resources.Single(resource => resource["kind"]!.GetValue<string>() == "StatefulSet")["spec"]!;
        JsonNode service = resources.Single(resource => resource["kind"]!.GetValue<string>() == "Service")["spec"]!;

        Assert.Equal(1, set["replicas"]!.GetValue<int>());
        Assert.All(service["selector"]!.AsObject(), label => Assert.Equal(label.Value!.GetValue<string>(), set["template"]!["metadata"]!["labels"]![label.Key]!.GetValue<string>()));
        Assert.Single(resources, resource => resource["kind"]!.GetValue<string>() == "NetworkPolicy");
    }

    [Fact]
    public void Prometheus_scrapes_the_service_with_the_token_that_serve_reads_and_verifies_its_name()
    {
        JsonObject[] resources = Rendered("serve-watched");
        JsonNode monitor = resources.Single(resource => resource["kind"]!.GetValue<string>() == "ServiceMonitor")["spec"]!;
        JsonNode service = resources.Single(resource => resource["kind"]!.GetValue<string>() == "Service");
        JsonNode pod = resources.Single(resource => resource["kind"]!.GetValue<string>() == "StatefulSet")["spec"]!["template"]!["spec"]!;
        string[] serve = KubernetesManifests.Texts(pod["containers"]![0]!["args"]!);
        JsonNode endpoint = Assert.Single(monitor["endpoints"]!.AsArray())!;
        JsonNode credentials = endpoint["authorization"]!["credentials"]!;

        Assert.All(monitor["selector"]!["matchLabels"]!.AsObject(), label => Assert.Equal(label.Value!.GetValue<string>(), service["metadata"]!["labels"]![label.Key]!.GetValue<string>()));
        Assert.Equal(service["spec"]!["ports"]![0]!["name"]!.GetValue<string>(), endpoint["port"]!.GetValue<string>());
        Assert.Equal(("https", "/metrics"), (endpoint["scheme"]!.GetValue<string>(), endpoint["path"]!.GetValue<string>()));
        Assert.Contains($"--metrics-token-file=/run/secrets/serverless-ca/{credentials["key"]!.GetValue<string>()}", serve);
        Assert.Contains(pod["volumes"]!.AsArray(), volume => volume!["secret"]?["secretName"]!.GetValue<string>() == credentials["name"]!.GetValue<string>());
        Assert.Contains($"--tls-name={endpoint["tlsConfig"]!["serverName"]!.GetValue<string>()}", serve);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task The_commands_of_the_manifests_work(string name)
    {
        using var folder = new TemporaryFolder();
        folder.Write("gitops/tls.json", "[]");
        string[][] commands =
        [
            .. Rendered(name).SelectMany(resource => KubernetesManifests.Objects(resource, "image"))
                .Where(container => container["image"]!.GetValue<string>().StartsWith("serverless-ca-agent:", StringComparison.Ordinal))
                .Select(container => KubernetesManifests.Texts(container["args"]!)),
        ];

        Assert.NotEmpty(commands);
        foreach (string[] command in commands)
        {
            await ExampleCommand.RunAsync(command, command.Contains("/gitops") ? folder.At("gitops") : null);
        }
    }

    private static string[] With(string name) => name == "default" ? [] : ["--values", Repository.At("examples", "helm", "values", $"{name}.yaml")];

    private static string Golden(string name) => Repository.At("tests", "golden", "helm", $"{name}.yaml");

    private static JsonObject[] Rendered(string name)
    {
        Assert.SkipUnless(Directory.Exists(Repository.At("tests", "judges", "node_modules", "kubernetes-models")), "npm ci --prefix tests/judges has not run");
        (int exitCode, string output) = ForeignProgram.Run("node", Repository.At("tests", "judges", "kubernetes.mjs"), Golden(name));
        Assert.True(exitCode == 0, output);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }

    private static async Task<JsonObject> YamlAsync(string file)
    {
        Assert.SkipUnless(Directory.Exists(Repository.At("tests", "judges", "node_modules", "yaml")), "npm ci --prefix tests/judges has not run");
        return JsonNode.Parse(await ForeignProgram.OutputAsync("node", Repository.At("tests", "judges", "yaml.mjs"), file))!.AsObject();
    }
}
