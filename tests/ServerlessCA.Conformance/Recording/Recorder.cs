using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Recording;

/// <summary>Where the recording ports write: the step that runs now.</summary>
public sealed class Recorder
{
    /// <summary>The record of the step that runs now.</summary>
    public StepRecord Current { get; private set; } = new();

    /// <summary>Begins a step's record.</summary>
    public StepRecord Begin() => Current = new StepRecord();

    /// <summary>Takes the arguments of <c>chat.postMessage</c> and answers as Slack does.</summary>
    /// <param name="arguments">Recorded.</param>
    /// <param name="slack">Which channels <c>fail</c> or are <c>not_ok</c>, with Slack's error.</param>
    public JsonObject PostToSlack(JsonObject arguments, JsonObject slack)
    {
        Current.SlackMessages.Add(arguments.DeepClone());
        string channel = arguments["channel"]?.GetValue<string>() ?? "";
        JsonNode? error = slack["fail"]?[channel] ?? slack["not_ok"]?[channel];
        return error is null ? new JsonObject { ["ok"] = true } : new JsonObject { ["ok"] = false, ["error"] = error.DeepClone() };
    }
}
