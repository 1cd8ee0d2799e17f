using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Scenarios;

namespace ServerlessCA.Conformance.Running;

/// <summary>Runs the cases of a scenario file.</summary>
public static class FileRunner
{
    /// <summary>Returns the raw traces of all cases of a file, in the format of the vectors. A case that cannot be run has no
    /// steps and says why; the others are run all the same.</summary>
    public static async Task<JsonObject> TraceAsync(ScenarioFile file, TargetFactory targets, CancellationToken cancellation)
    {
        JsonArray cases = [];
        foreach (ScenarioCase scenario in file.Cases)
        {
            cases.Add(await TraceAsync(scenario, file.Csrs, targets, cancellation));
        }

        return new JsonObject { ["theme"] = file.Theme, ["cases"] = cases };
    }

    private static async Task<JsonObject> TraceAsync(
        ScenarioCase scenario, IReadOnlyDictionary<string, string> csrs, TargetFactory targets, CancellationToken cancellation)
    {
        try
        {
            return await CaseRunner.RunAsync(scenario, csrs, targets, cancellation);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return new JsonObject
            {
                ["case"] = scenario.Name,
                ["title"] = scenario.Title,
                ["class"] = scenario.Class,
                ["kms_keys"] = new JsonObject(),
                ["steps"] = new JsonArray(),
                ["fault"] = $"{fault.GetType().Name}: {fault.Message}",
            };
        }
    }
}

/// <summary>Reports for people what the core does with all vectors.</summary>
internal static class Report
{
    /// <summary>Prints every unwanted difference, then a line per deliberate one, then a line per class.</summary>
    /// <returns>0 when there is none.</returns>
    public static async Task<int> PrintAsync(TextWriter output)
    {
        IReadOnlyList<Verdict> verdicts = await Verdicts.OfProductAsync();
        foreach (Verdict verdict in verdicts.Where(verdict => !verdict.IsGood))
        {
            await output.WriteLineAsync($"{verdict.Class} {verdict}");
        }

        await output.WriteAsync(Verdicts.Uses(verdicts) + Verdicts.Counts(verdicts));
        return verdicts.All(verdict => verdict.IsGood) ? 0 : 1;
    }
}
