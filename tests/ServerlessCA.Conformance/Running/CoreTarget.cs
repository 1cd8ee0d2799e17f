using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Recording;
using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Settings;
using ServerlessCA.Slack;

namespace ServerlessCA.Conformance.Running;

/// <summary>Is what the scenarios test: the product's functions over a world of their own. Only here the runner touches the
/// product's use cases.</summary>
public interface IScenarioTarget
{
    /// <summary>Runs a function to its end, with all notifications delivered.</summary>
    /// <param name="called">The function to run.</param>
    /// <param name="input">The event, as JSON; <c>{}</c> where a function needs none.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>The answer as JSON; null when the function answers nothing.</returns>
    Task<JsonNode?> RunAsync(CaFunction called, JsonNode? input, CancellationToken cancellation);
}

/// <summary>Makes the product over a world: once for a case, and again when a case changes settings.</summary>
public delegate IScenarioTarget TargetFactory(ScenarioWorld world);

/// <summary>Is the product: the core's use cases over a scenario's world.</summary>
internal sealed class CoreTarget(ScenarioWorld world) : IScenarioTarget
{
    private readonly Deployment ca = new(
        world.Settings, world.Keys, world.Ledger, world.InternalFiles, world.PublishedFiles, world.CrlCopies,
        world.Notifier, world.Serials, world.Clock);

    public async Task<JsonNode?> RunAsync(CaFunction called, JsonNode? input, CancellationToken cancellation)
    {
        switch (called)
        {
            case CaFunction.CreateRootCa:
                return await CreateAsync(() => new CreateRootCa(ca).RunAsync(cancellation));
            case CaFunction.CreateIssuingCa:
                return await CreateAsync(() => new CreateIssuingCa(ca).RunAsync(cancellation));
            case CaFunction.RootCrl:
                await PublishCrl.OfRoot(ca).RunAsync(cancellation);
                return null;
            case CaFunction.IssuingCrl:
                await PublishCrl.OfIssuing(ca).RunAsync(cancellation);
                return null;
            case CaFunction.Expiry:
                await new RemindOfExpiry(ca).RunAsync(cancellation);
                return null;
            case CaFunction.Notify:
                Notify(input!);
                return null;
            default:
                byte[] utf8 = Encoding.UTF8.GetBytes(RawJson.Text(input));
                return JsonNode.Parse((await new IssueCertificate(ca).RunAsync(utf8, cancellation)).Json);
        }
    }

    // Settings that cannot be used are reported as a refusal is: such a function has failed, and says what failed.
    private static async Task<JsonNode?> CreateAsync(Func<Task<CreateOutcome>> create)
    {
        try
        {
            await create();
            return null;
        }
        catch (InvalidSettingsException fault)
        {
            return new JsonObject { ["error"] = fault.Message };
        }
    }

    private void Notify(JsonNode message)
    {
        JsonObject slack = world.Slack;
        if (!Text(slack, "token", "").StartsWith("xoxb-", StringComparison.Ordinal))
        {
            return;
        }

        var looks = new SlackStyle { Project = world.Settings.Names.Project };
        looks = looks with
        {
            Username = Text(slack, "username", looks.Username),
            GoodEmoji = Text(slack, "good_emoji", looks.GoodEmoji),
            BadEmoji = Text(slack, "bad_emoji", looks.BadEmoji),
            WarningEmoji = Text(slack, "warning_emoji", looks.WarningEmoji),
            AccountAlias = (slack["account_aliases"] as JsonArray)?.FirstOrDefault()?.GetValue<string>(),
        };
        string channels = string.Join(',', slack["channels"]!.AsArray().Select(channel => channel!.GetValue<string>()));
        foreach (string channel in channels.Split(','))
        {
            string post = SlackMessages.Post(
                message["Subject"]?.GetValue<string>(), message["Message"]!.GetValue<string>(), channel.Trim(), looks);
            world.PostToSlack(JsonNode.Parse(post)!.AsObject());
        }
    }

    private static string Text(JsonObject slack, string key, string otherwise) => slack[key]?.GetValue<string>() ?? otherwise;
}

/// <summary>Makes the functions' events from the fields of steps.</summary>
internal sealed class FunctionInputs(IReadOnlyDictionary<string, string> csrs)
{
    private readonly Dictionary<string, StepRecord> records = [];

    /// <summary>Returns the function that a step calls; null for the steps that call none.</summary>
    public static CaFunction? FunctionOf(string op) => op switch
    {
        "create_root_ca" => CaFunction.CreateRootCa,
        "create_issuing_ca" => CaFunction.CreateIssuingCa,
        "root_crl" => CaFunction.RootCrl,
        "issuing_crl" => CaFunction.IssuingCrl,
        "tls_cert" => CaFunction.TlsCert,
        "expiry" => CaFunction.Expiry,
        "notify" => CaFunction.Notify,
        _ => null,
    };

    /// <summary>Remembers what a step published, for a later notify step.</summary>
    public void Remember(string id, StepRecord record) => records[id] = record;

    /// <summary>Makes the event of a step.</summary>
    public JsonNode? Of(CaFunction function, JsonObject fields)
    {
        if (function == CaFunction.Notify)
        {
            return TopicMessage(fields);
        }

        JsonNode? input = fields.TryGetPropertyValue("event", out JsonNode? given) ? given?.DeepClone() : new JsonObject();
        string? csr = fields["csr"] is { } name ? csrs[name.GetValue<string>()] : fields["csr_pem"]?.GetValue<string>();
        if (csr is not null)
        {
            input!.AsObject()["base64_csr_data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(csr));
        }

        return input;
    }

    private JsonObject TopicMessage(JsonObject fields)
    {
        if (fields["from"] is { } from)
        {
            int index = fields["index"]?.GetValue<int>() ?? 0;
            JsonNode published = records[from.GetValue<string>()].Notifications.ElementAtOrDefault(index)
                ?? throw new InvalidOperationException($"step '{from}' published no notification {index}");
            JsonNode perProtocol = JsonNode.Parse(published["message"]!.GetValue<string>())!;
            return new JsonObject { ["Subject"] = published["subject"]!.DeepClone(), ["Message"] = perProtocol["default"]!.DeepClone() };
        }

        string message = fields["message_text"]?.GetValue<string>() ?? fields["message"]?.ToJsonString() ?? "null";
        return new JsonObject { ["Subject"] = fields["subject"]?.DeepClone(), ["Message"] = message };
    }
}
