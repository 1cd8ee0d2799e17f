using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Memory;
using ServerlessCA.Conformance.Recording;
using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Contracts.Memory;

namespace ServerlessCA.Conformance.Running;

/// <summary>The stores of one case: empty at first, and the same while its settings change.</summary>
internal sealed class CaseStores(ScenarioCase scenario, ScenarioSettings settings)
{
    public Recorder Recorder { get; } = new();

    public ScenarioKeys Keys { get; } = ScenarioKeys.Of(settings.RootKey, settings.IssuingKey);

    public ScenarioLedger Ledger { get; } = new();

    public MemoryInternalFiles InternalFiles { get; } = new() { Location = "S3 bucket 'internal-bucket'" };

    public MemoryPublishedFiles PublishedFiles { get; } = new();

    public ScenarioClock Clock { get; } = new(settings.Clock);

    private ScenarioSerials Serials { get; } = new(scenario.Name);

    /// <summary>The world as the product sees it under some settings.</summary>
    public ScenarioWorld World(ScenarioSettings current)
    {
        Core.Settings.CaSettings core = current.Core;
        Keys.Name(core.Names.RootCa, core.Names.IssuingCa);
        return new ScenarioWorld(
            core, current.Slack, Keys,
            new RecordingLedger(Ledger, core.Names.Table, Recorder),
            InternalFiles,
            new RecordingFiles(PublishedFiles, Recorder),
            new RecordingNotifier(Recorder),
            arguments => PostToSlack(arguments, current.Slack),
            Serials, Clock);
    }

    private JsonObject PostToSlack(JsonObject arguments, JsonObject slack)
    {
        Recorder.Current.SlackMessages.Add(arguments.DeepClone());
        string channel = arguments["channel"]?.GetValue<string>() ?? "";
        JsonNode? error = slack["fail"]?[channel] ?? slack["not_ok"]?[channel];
        return error is null ? new JsonObject { ["ok"] = true } : new JsonObject { ["ok"] = false, ["error"] = error.DeepClone() };
    }
}
