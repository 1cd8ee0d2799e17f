using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Scenarios;

/// <summary>One thing that is done in a case.</summary>
/// <param name="Op">What, such as <c>tls_cert</c> or <c>put_internal</c>.</param>
/// <param name="Fields">Everything that the file says of it, references not yet replaced.</param>
public sealed record ScenarioStep(string Op, JsonObject Fields)
{
    /// <summary>Names the result for later steps.</summary>
    public string? Id => Fields["id"]?.GetValue<string>();

    /// <summary>How often; null: once, and the result has no turns.</summary>
    public int? Repeat => Fields["repeat"]?.GetValue<int>();

    /// <summary>Settings for this step only.</summary>
    public JsonObject? Settings => Fields["settings"]?.AsObject();

    /// <summary>Environment variables for this step only, named as the functions' are.</summary>
    public JsonObject? Environment => Fields["env"]?.AsObject();
}
