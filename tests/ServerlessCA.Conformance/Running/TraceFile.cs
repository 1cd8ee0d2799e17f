using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Scenarios;

namespace ServerlessCA.Conformance.Running;

/// <summary>Runs the cases of a scenario file against the core.</summary>
public static class TraceFile
{
    /// <summary>The raw traces of a scenario file.</summary>
    /// <param name="json">The file.</param>
    /// <param name="cancellation">Stops the run.</param>
    public static async Task<JsonObject> OfAsync(JsonNode json, CancellationToken cancellation)
    {
        ScenarioFile file = ScenarioFile.Parse(json);
        var traces = new JsonArray();
        foreach (ScenarioCase scenario in file.Cases)
        {
            traces.Add(await CaseRunner.RunAsync(scenario, file.Csrs, world => new CoreTarget(world), cancellation));
        }

        return new JsonObject { ["theme"] = file.Theme, ["cases"] = traces };
    }
}
