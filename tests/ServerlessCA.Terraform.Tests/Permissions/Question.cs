using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Terraform.Tests.Permissions;

/// <summary>May somebody do something?</summary>
/// <param name="Principal">ARN of a role or user, name of a service, or <c>*</c> for whoever does not say.</param>
/// <param name="Action">Such as <c>kms:Sign</c>.</param>
/// <param name="Resource">An ARN.</param>
/// <param name="Policies">What the role may, JSON.</param>
/// <param name="ResourcePolicy">What the resource says, JSON; null: nothing.</param>
/// <param name="Context">Keys of the request: each a text, or a list of texts where IAM says so.</param>
internal sealed record Question(
    string Principal, string Action, string Resource, IReadOnlyList<string> Policies, string? ResourcePolicy,
    IReadOnlyDictionary<string, object> Context)
{
    /// <summary>As the judge reads it.</summary>
    public JsonObject Json => new()
    {
        ["principal"] = Principal,
        ["action"] = Action,
        ["resource"] = Resource,
        ["account"] = Deployment.DeployedModule.Account,
        ["policies"] = new JsonArray([.. Policies.Select(policy => JsonNode.Parse(policy))]),
        ["resourcePolicy"] = ResourcePolicy is null ? null : JsonNode.Parse(ResourcePolicy),
        ["context"] = new JsonObject(Context.Select(pair => KeyValuePair.Create(pair.Key, JsonSerializer.SerializeToNode(pair.Value)))),
    };

    public override string ToString() => $"{Principal[(Principal.LastIndexOf('/') + 1)..]} {Action} {Resource}";
}
