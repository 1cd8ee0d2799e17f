using System.Text.Json;

namespace ServerlessCA.Terraform.Tests.Tool;

/// <summary>One resource of a state.</summary>
/// <param name="Address">Such as <c>module.ca.aws_sns_topic.notifications</c>.</param>
/// <param name="Type">Such as <c>aws_sns_topic</c>.</param>
/// <param name="Values">Its attributes.</param>
internal sealed record Resource(string Address, string Type, JsonElement Values)
{
    /// <summary>An attribute that is a text.</summary>
    public string Text(string attribute) => Values.GetProperty(attribute).GetString()!;

    /// <summary>Every resource of a state, as <c>terraform show -json</c> has it.</summary>
    public static IReadOnlyList<Resource> AllOf(JsonElement state) => [.. Of(state.GetProperty("values").GetProperty("root_module"))];

    private static IEnumerable<Resource> Of(JsonElement module)
    {
        foreach (JsonElement resource in List(module, "resources").Where(resource => resource.GetProperty("mode").GetString() == "managed"))
        {
            yield return new Resource(
                resource.GetProperty("address").GetString()!, resource.GetProperty("type").GetString()!, resource.GetProperty("values"));
        }

        foreach (Resource resource in List(module, "child_modules").SelectMany(Of))
        {
            yield return resource;
        }
    }

    private static JsonElement.ArrayEnumerator List(JsonElement module, string name) =>
        module.TryGetProperty(name, out JsonElement list) ? list.EnumerateArray() : default;
}
