using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Memory;
using ServerlessCA.Conformance.Recording;
using ServerlessCA.Conformance.Scenarios;

namespace ServerlessCA.Conformance.Running;

/// <summary>Runs one case and writes its raw trace: what every step answered, and what it changed.</summary>
public sealed class CaseRunner
{
    private readonly ScenarioCase scenario;
    private readonly TargetFactory targets;
    private readonly ICaseStores stores;
    private readonly StoreSteps storeSteps;
    private readonly FunctionInputs inputs;
    private readonly StepReferences references = new();
    private readonly JsonArray trace = [];
    private ScenarioSettings settings;

    private CaseRunner(
        ScenarioCase scenario, ScenarioSettings settings, ICaseStores stores, IReadOnlyDictionary<string, string> csrs, TargetFactory targets)
    {
        this.scenario = scenario;
        this.settings = settings;
        this.stores = stores;
        this.targets = targets;
        storeSteps = new StoreSteps(stores, csrs);
        inputs = new FunctionInputs(csrs);
    }

    /// <summary>Runs a case and returns its raw trace, in the format of the vectors.</summary>
    /// <param name="scenario">The case to run.</param>
    /// <param name="csrs">The requests of its file.</param>
    /// <param name="targets">Makes the product.</param>
    /// <param name="cancellation">Stops the run.</param>
    public static Task<JsonObject> RunAsync(
        ScenarioCase scenario, IReadOnlyDictionary<string, string> csrs, TargetFactory targets, CancellationToken cancellation) =>
        RunAsync(scenario, csrs, targets, InMemory, cancellation);

    /// <summary>Runs a case over other stores than those in memory.</summary>
    internal static async Task<JsonObject> RunAsync(
        ScenarioCase scenario, IReadOnlyDictionary<string, string> csrs, TargetFactory targets, StoresFactory make, CancellationToken cancellation)
    {
        var settings = new ScenarioSettings(scenario.Settings);
        await using ICaseStores stores = await make(scenario, settings);
        return await new CaseRunner(scenario, settings, stores, csrs, targets).RunAsync(cancellation);
    }

    private static Task<ICaseStores> InMemory(ScenarioCase scenario, ScenarioSettings settings) =>
        Task.FromResult<ICaseStores>(new MemoryStores(scenario, settings));

    private async Task<JsonObject> RunAsync(CancellationToken cancellation)
    {
        int number = 0;
        foreach (ScenarioStep step in scenario.Setup.Concat(scenario.Steps))
        {
            for (int turn = 0; turn < (step.Repeat ?? 1); turn++)
            {
                JsonObject form = Heading(step, number, turn);
                await RunAsync(step, turn, form, cancellation);
                trace.Add(form);
            }

            number++;
        }

        return new JsonObject
        {
            ["case"] = scenario.Name,
            ["title"] = scenario.Title,
            ["class"] = scenario.Class,
            ["kms_keys"] = new JsonObject { ["root"] = Base64(stores.RootKey), ["issuing"] = Base64(stores.IssuingKey) },
            ["steps"] = trace,
        };
    }

    private JsonObject Heading(ScenarioStep step, int number, int turn)
    {
        JsonObject form = new() { ["step"] = number, ["op"] = step.Op };
        if (step.Id is { } id)
        {
            form["id"] = id;
        }

        if (step.Repeat is not null)
        {
            form["turn"] = turn;
        }

        if (number < scenario.Setup.Count)
        {
            form["quiet"] = true;
        }

        form["time"] = stores.Clock.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        return form;
    }

    private async Task RunAsync(ScenarioStep step, int turn, JsonObject form, CancellationToken cancellation)
    {
        JsonObject fields = references.Replace(step.Fields)!.AsObject();
        if (step.Op == "change_settings")
        {
            settings = settings.With(fields["to"]!.AsObject());
        }
        else if (FunctionInputs.FunctionOf(step.Op) is { } function)
        {
            ScenarioSettings now = settings.With(step.Settings).With(EnvironmentSettings.Of(step.Environment));
            StepRecord record = stores.Recorder.Begin();
            form["outcome"] = await OutcomeAsync(now, function, fields, cancellation);
            Report(form, record, function);
            await RememberAsync(step, turn, form, record, now, cancellation);
        }
        else
        {
            await storeSteps.RunAsync(step.Op, fields, cancellation);
        }
    }

    // A function of ours never throws; if one does, the trace says so.
    private async Task<JsonObject> OutcomeAsync(
        ScenarioSettings now, CaFunction function, JsonObject fields, CancellationToken cancellation)
    {
        try
        {
            JsonNode? input = inputs.Of(function, fields);
            return new JsonObject { ["return"] = await targets(stores.World(now)).RunAsync(function, input, cancellation) };
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return new JsonObject
            {
                ["exception"] = new JsonObject { ["type"] = fault.GetType().Name, ["message"] = fault.Message },
            };
        }
    }

    private static void Report(JsonObject form, StepRecord record, CaFunction function)
    {
        form["db"] = record.Rows;
        form["s3"] = record.Files;
        form["sns"] = record.Notifications;
        if (function == CaFunction.Notify)
        {
            form["slack"] = record.SlackMessages;
        }
    }

    private async Task RememberAsync(
        ScenarioStep step, int turn, JsonObject form, StepRecord record, ScenarioSettings now, CancellationToken cancellation)
    {
        string? serial = (form["outcome"]!["return"] as JsonObject)?["CertificateInfo"]?["SerialNumber"]?.GetValue<string>();
        foreach (string id in step.Id is { } own ? [own, string.Create(CultureInfo.InvariantCulture, $"{own}-{turn}")] : (string[])[])
        {
            inputs.Remember(id, record);
            if (serial is not null)
            {
                references.Remember(id, serial);
            }
        }

        foreach ((string id, string name) in new[] { ("root-ca", now.Core.Names.RootCa), ("issuing-ca", now.Core.Names.IssuingCa) })
        {
            if (await stores.Ledger.FindByNameAsync(name, cancellation) is [.., { } row])
            {
                references.Remember(id, row.SerialNumber.ToString());
            }
        }
    }

    private static string Base64(ReadOnlyMemory<byte> der) => Convert.ToBase64String(der.Span);
}

/// <summary>Names the functions of the product (contract section 4).</summary>
public enum CaFunction
{
    /// <summary>Is create-root-ca.</summary>
    CreateRootCa,

    /// <summary>Is create-issuing-ca.</summary>
    CreateIssuingCa,

    /// <summary>Is root-ca-crl.</summary>
    RootCrl,

    /// <summary>Is issuing-ca-crl.</summary>
    IssuingCrl,

    /// <summary>Is tls-cert.</summary>
    TlsCert,

    /// <summary>Is expiry.</summary>
    Expiry,

    /// <summary>Is notify; its input is one message of the topic: <c>{Subject, Message}</c>.</summary>
    Notify,
}
