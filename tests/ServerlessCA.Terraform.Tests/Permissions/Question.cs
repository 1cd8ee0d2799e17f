using System.Text.Json.Nodes;

namespace ServerlessCA.Terraform.Tests.Permissions;

/// <summary>May somebody do something?</summary>
/// <param name="Principal">ARN of a role.</param>
/// <param name="Action">Such as <c>kms:Sign</c>.</param>
/// <param name="Resource">An ARN.</param>
/// <param name="Policies">What the role may, JSON.</param>
/// <param name="ResourcePolicy">What the resource says, JSON; null: nothing.</param>
/// <param name="Context">Keys of the request.</param>
internal sealed record Question(
    string Principal, string Action, string Resource, IReadOnlyList<string> Policies, string? ResourcePolicy,
    IReadOnlyDictionary<string, string> Context)
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
        ["context"] = new JsonObject(Context.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
    };

    public override string ToString() => $"{Principal[(Principal.LastIndexOf('/') + 1)..]} {Action} {Resource}";
}
