using System.Text.Json.Nodes;

namespace ServerlessCA.Cli.Tests.Examples;

/// <summary>Reads examples/agent/kubernetes with the schemas of Kubernetes.</summary>
internal static class KubernetesManifests
{
    public static string[] Files { get; } = [.. Directory.EnumerateFiles(Repository.At("examples", "agent", "kubernetes"), "*.yaml").Order()];

    /// <summary>Returns all resources; skips the test where the schemas are missing.</summary>
    public static JsonObject[] Resources()
    {
        string judge = Repository.At("tests", "judges", "kubernetes.mjs");
        Assert.SkipUnless(Directory.Exists(Repository.At("tests", "judges", "node_modules", "kubernetes-models")), "npm ci --prefix tests/judges has not run");
        (int exitCode, string output) = ForeignProgram.Run("node", [judge, .. Files]);
        Assert.True(exitCode == 0, output);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }

    /// <summary>Returns the containers of all pods whose image has this in its name.</summary>
    public static IEnumerable<JsonObject> Containers(string image) => Resources().SelectMany(resource => Objects(resource, "image"))
        .Where(container => container["image"]!.GetValue<string>().Contains(image, StringComparison.Ordinal));

    /// <summary>Returns the objects at any depth that have a member of this name.</summary>
    public static IEnumerable<JsonObject> Objects(JsonNode? node, string having) => node switch
    {
        JsonObject found when found.ContainsKey(having) && (having != "image" || found["image"] is JsonValue) =>
            new[] { found }.Concat(found.SelectMany(member => Objects(member.Value, having))),
        JsonObject other => other.SelectMany(member => Objects(member.Value, having)),
        JsonArray list => list.SelectMany(element => Objects(element, having)),
        _ => [],
    };

    public static string[] Texts(JsonNode list) => [.. list.AsArray().Select(text => text!.GetValue<string>())];
}
