using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Settings;
using ServerlessCA.Slack;

namespace ServerlessCA.Conformance.Running;

/// <summary>The product: the core's use cases over a scenario's world.</summary>
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

    // Settings that cannot be used are told as a refusal is: a function that ends so has failed, saying what failed.
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
