using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Scenarios;

/// <summary>One case: empty stores, settings, steps.</summary>
/// <param name="Name">Such as <c>lifetime/zero</c>.</param>
/// <param name="Title">For people.</param>
/// <param name="Class"><c>plain</c>, <c>edge</c>, <c>bug</c> or <c>mixed</c>.</param>
/// <param name="Settings">Those of the file with those of the case over them.</param>
/// <param name="Setup">Steps that run first and are not reported.</param>
/// <param name="Steps">The steps that count.</param>
public sealed record ScenarioCase(
    string Name, string Title, string Class, JsonObject Settings, IReadOnlyList<ScenarioStep> Setup, IReadOnlyList<ScenarioStep> Steps)
{
    private static readonly ScenarioStep[] BothCas = [new("create_root_ca", []), new("create_issuing_ca", [])];

    /// <summary>Reads a case's JSON.</summary>
    public static ScenarioCase Parse(JsonObject found, JsonObject fileSettings) => new(
        found["case"]!.GetValue<string>(),
        found["title"]?.GetValue<string>() ?? "",
        found["class"]?.GetValue<string>() ?? "",
        ScenarioSettings.Over(fileSettings, found["settings"]?.AsObject()),
        found["setup"] is JsonArray setup ? Parse(setup) : BothCas,
        Parse(found["steps"]!.AsArray()));

    private static ScenarioStep[] Parse(JsonArray steps) =>
        [.. steps.Select(step => new ScenarioStep(step!["op"]!.GetValue<string>(), step.AsObject()))];
}
