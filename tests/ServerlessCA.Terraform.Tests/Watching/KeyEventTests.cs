using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Terraform.Tests.Deployment;
using ServerlessCA.Terraform.Tests.Permissions;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Watching;

/// <summary>Checks the deployed rules for events of keys with events as CloudTrail and KMS send them.</summary>
public sealed class KeyEventTests(DeployedModule module)
{
    private static readonly string[] Calls =
    [
        "CancelKeyDeletion", "CreateGrant", "DeleteImportedKeyMaterial", "DisableKey", "EnableKey", "ImportKeyMaterial", "PutKeyPolicy", "ReplicateKey",
        "RetireGrant", "RevokeGrant", "ScheduleKeyDeletion", "UpdatePrimaryRegion",
    ];

    public static TheoryData<string, string> CallsOfCaKeys => [.. from call in Calls from key in (string[])["root_ca", "issuing_ca"] select (call, key)];

    [Theory]
    [MemberData(nameof(CallsOfCaKeys))]
    public async Task A_call_that_changes_a_CA_key_reaches_the_topic_with_who_did_what_to_which_key(string call, string key)
    {
        string arn = (await KeyAsync(key)).Text("arn");
        string sent = KeyCalls.Call(call, arn, new JsonObject { ["keyId"] = arn[(arn.LastIndexOf('/') + 1)..] }).ToJsonString();

        string message = Assert.Single(await MessagesAsync(sent));

        JsonElement json = JsonElement.Parse(message);
        Assert.Equal(
            ["Key Call", call, arn, "arn:aws:sts::123456789012:assumed-role/Admin/alice", "192.0.2.7", "", "2026-03-23T18:58:31Z", "3c4226b0-1e81-48a8-a333-7fa5f3cbd118"],
            ((string[])["Event", "Action", "Key", "By", "From", "Error", "Time", "EventId"]).Select(name => json.GetProperty(name).GetString()!));
    }

    [Fact]
    public async Task The_message_that_the_page_shows_is_the_one_that_is_sent()
    {
        JsonNode shown = JsonNode.Parse(Assert.Single(MarkdownPage.At("docs/aws/watching.md").Blocks, block => block.Language == "json").Text)!;
        string arn = (await KeyAsync("issuing_ca")).Text("arn");

        JsonNode sent = JsonNode.Parse(Assert.Single(await MessagesAsync(KeyCalls.Call("ScheduleKeyDeletion", arn, new JsonObject { ["keyId"] = arn[(arn.LastIndexOf('/') + 1)..] }).ToJsonString())))!;

        shown["Key"] = arn;
        Assert.Equal(shown.ToJsonString(), sent.ToJsonString());
    }

    // CloudTrail does not know the key of every call that was refused.
    [Theory]
    [InlineData("root_ca", "arn")]
    [InlineData("issuing_ca", "key_id")]
    [InlineData("tls_keygen", "key_id")]
    public async Task An_attempt_that_was_refused_reaches_the_topic_with_the_error(string key, string named)
    {
        string sent = KeyCalls.Refused("ScheduleKeyDeletion", new JsonObject { ["keyId"] = (await KeyAsync(key)).Text(named), ["pendingWindowInDays"] = 7 }).ToJsonString();

        JsonElement json = JsonElement.Parse(Assert.Single(await MessagesAsync(sent)));

        Assert.Equal(("AccessDenied", ""), (json.GetProperty("Error").GetString(), json.GetProperty("Key").GetString()));
    }

    // The functions find the keys by their aliases.
    [Theory]
    [InlineData("UpdateAlias", "root_ca")]
    [InlineData("DeleteAlias", "issuing_ca")]
    [InlineData("UpdateAlias", "tls_keygen")]
    public async Task An_alias_that_leads_elsewhere_reaches_the_topic(string call, string key)
    {
        Resource alias = await module.ResourceAsync($"aws_kms_alias.{key}");
        string sent = KeyCalls.Call(call, "arn:aws:kms:eu-west-2:123456789012:key/another", new JsonObject { ["aliasName"] = alias.Text("name"), ["targetKeyId"] = "another" }).ToJsonString();

        Assert.Single(await MessagesAsync(sent));
    }

    [Theory]
    [InlineData("root_ca")]
    [InlineData("issuing_ca")]
    [InlineData("tls_keygen")]
    public async Task A_key_that_is_gone_reaches_the_topic_without_CloudTrail(string key)
    {
        string arn = (await KeyAsync(key)).Text("arn");

        JsonElement json = JsonElement.Parse(Assert.Single(await MessagesAsync(KeyCalls.Deleted(arn).ToJsonString())));

        Assert.Equal(("Key Deleted", arn), (json.GetProperty("Event").GetString(), json.GetProperty("Key").GetString()));
    }

    [Theory]
    [InlineData("DisableKey", true)]
    [InlineData("ScheduleKeyDeletion", true)]
    [InlineData("PutKeyPolicy", true)]
    [InlineData("DisableKeyRotation", true)]
    [InlineData("CreateGrant", false)] // DynamoDB's, for its tables
    [InlineData("RetireGrant", false)]
    [InlineData("Decrypt", false)]
    public async Task The_key_of_the_tables_is_watched_but_for_its_everyday_grants(string call, bool reaches)
    {
        string arn = (await KeyAsync("tls_keygen")).Text("arn");

        Assert.Equal(reaches ? 1 : 0, (await MessagesAsync(KeyCalls.Call(call, arn, new JsonObject { ["keyId"] = arn }).ToJsonString())).Count);
    }

    [Fact]
    public async Task Everyday_use_of_a_CA_key_other_keys_and_other_services_reach_nobody()
    {
        string arn = (await KeyAsync("issuing_ca")).Text("arn");
        const string Other = "arn:aws:kms:eu-west-2:123456789012:key/other";
        JsonObject[] events =
        [
            KeyCalls.Call("Sign", arn, new JsonObject { ["keyId"] = arn }), KeyCalls.Call("GetPublicKey", arn, new JsonObject { ["keyId"] = arn }),
            KeyCalls.Call("DisableKey", Other, new JsonObject { ["keyId"] = "other" }), KeyCalls.Refused("DisableKey", new JsonObject { ["keyId"] = "other" }),
            KeyCalls.Call("UpdateAlias", Other, new JsonObject { ["aliasName"] = "alias/other" }), KeyCalls.Deleted(Other),
            KeyCalls.Call("DisableKey", arn, new JsonObject { ["keyId"] = arn }, source: "custom"),
        ];

        foreach (JsonObject each in events)
        {
            Assert.Empty(await MessagesAsync(each.ToJsonString()));
        }
    }

    [Fact]
    public async Task EventBridge_takes_the_rules_and_they_publish_to_the_topic_which_lets_them()
    {
        string topic = (await module.ResourceAsync("aws_sns_topic.notifications")).Text("arn");
        IReadOnlyList<(Resource Rule, Resource Target)> rules = await RulesAsync();

        Assert.Equal(3, rules.Count);
        Assert.All(rules, each =>
        {
            Assert.InRange(each.Rule.Text("event_pattern").Length, 1, EventPattern.MaxLength);
            Assert.InRange(each.Rule.Text("name").Length, 1, 64);
            Assert.Equal(topic, each.Target.Text("arn"));
        });

        // The judge of permissions knows no encryption contexts: so the statement itself.
        JsonElement statement = JsonElement.Parse((await KeyAsync("tls_keygen")).Text("policy")).GetProperty("Statement").EnumerateArray()
            .Single(each => each.GetProperty("Principal").TryGetProperty("Service", out JsonElement service) && service.GetString() == "events.amazonaws.com");
        Assert.Equal("""["kms:Decrypt","kms:GenerateDataKey*"]""", statement.GetProperty("Action").GetRawText());
        Assert.Equal($$$"""{"StringEquals":{"kms:EncryptionContext:aws:sns:topicArn":"{{{topic}}}"}}""", statement.GetProperty("Condition").GetRawText());

        IamJudge.SkipUnlessInstalled();
        var stack = new Stack(await module.ResourcesAsync());
        Assert.Equal([true, false], await IamJudge.AllowedAsync(
            [stack.Ask("events.amazonaws.com", null, "sns:Publish", "topic"), stack.Ask("events.amazonaws.com", null, "sns:Subscribe", "topic")]));
    }

    private Task<Resource> KeyAsync(string name) => module.ResourceAsync($"aws_kms_key.{name}");

    private async Task<IReadOnlyList<string>> MessagesAsync(string sent) =>
        [.. (await RulesAsync()).Where(each => EventPattern.Matches(each.Rule.Text("event_pattern"), sent)).Select(each =>
        {
            JsonElement transformer = each.Target.Values.GetProperty("input_transformer")[0];
            return EventPattern.Transform(transformer.GetProperty("input_template").GetString()!, transformer.GetProperty("input_paths"), sent);
        })];

    private async Task<IReadOnlyList<(Resource Rule, Resource Target)>> RulesAsync()
    {
        IReadOnlyList<Resource> resources = await module.ResourcesAsync();
        return [.. resources.Where(resource => resource.Type == "aws_cloudwatch_event_rule").Select(rule => (
            rule, resources.Single(target => target.Type == "aws_cloudwatch_event_target" && target.Text("rule") == rule.Text("name"))))];
    }
}
