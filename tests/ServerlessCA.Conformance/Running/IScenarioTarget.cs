using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Running;

/// <summary>What the scenarios test: the product's functions over a world of their own. This is the one place where
/// the runner touches the product's use cases.</summary>
public interface IScenarioTarget
{
    /// <summary>Runs a function to its end, with all notifications delivered.</summary>
    /// <param name="called">Which.</param>
    /// <param name="input">The event, as JSON; <c>{}</c> where a function needs none.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>The answer as JSON; null when the function answers nothing.</returns>
    Task<JsonNode?> RunAsync(CaFunction called, JsonNode? input, CancellationToken cancellation);
}

/// <summary>Puts the product together over a world: once for a case, and again when a case changes settings.</summary>
public delegate IScenarioTarget TargetFactory(ScenarioWorld world);
