using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Scenarios;

namespace ServerlessCA.Conformance.Running;

/// <summary>Runs the cases of a scenario file.</summary>
public static class FileRunner
{
    /// <summary>The raw traces of all cases of a file, in the format of the vectors.</summary>
    public static async Task<JsonObject> TraceAsync(ScenarioFile file, TargetFactory targets, CancellationToken cancellation)
    {
        JsonArray cases = [];
        foreach (ScenarioCase scenario in file.Cases)
        {
            cases.Add(await CaseRunner.RunAsync(scenario, file.Csrs, targets, cancellation));
        }

        return new JsonObject { ["theme"] = file.Theme, ["cases"] = cases };
    }
}
