using System.Text.Json;
using ServerlessCA.Aws.Http;

namespace ServerlessCA.Aws.Lambda;

/// <summary>A function as it is deployed. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arn">Its ARN.</param>
/// <param name="Runtime">Such as <c>provided.al2023</c>; empty for images.</param>
/// <param name="State"><c>Active</c>, <c>Pending</c>, <c>Inactive</c>, <c>Failed</c>; empty where AWS leaves it out (in lists).</param>
/// <param name="LastModified">When it was last changed, as AWS writes it.</param>
/// <param name="MemoryMegabytes">Its memory.</param>
/// <param name="TimeoutSeconds">How long it may run.</param>
/// <param name="Environment">Its variables.</param>
public sealed record DeployedFunction(
    string Name, string Arn, string Runtime, string State, string LastModified, long MemoryMegabytes, long TimeoutSeconds,
    IReadOnlyDictionary<string, string> Environment)
{
    internal static DeployedFunction Of(SignedAnswer answer, JsonElement json) => new(
        answer.Required(json, "FunctionName"),
        answer.Required(json, "FunctionArn"),
        json.Text("Runtime") ?? "",
        json.Text("State") ?? "",
        json.Text("LastModified") ?? "",
        json.Number("MemorySize") ?? 0,
        json.Number("Timeout") ?? 0,
        Variables(json));

    private static Dictionary<string, string> Variables(JsonElement json) =>
        json.Member("Environment")?.Member("Variables") is { ValueKind: JsonValueKind.Object } variables
            ? variables.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetString() ?? "", StringComparer.Ordinal)
            : [];
}
