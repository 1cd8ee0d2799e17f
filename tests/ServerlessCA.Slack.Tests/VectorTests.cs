using System.Text.Json.Nodes;
using ServerlessCA.Slack.Tests.Fakes;
using Xunit;

namespace ServerlessCA.Slack.Tests;

/// <summary>Compares posts with those of the original, case by case (tests/vectors): plain and edge cases must be exactly the
/// same, but for the listed ones; bug cases must post something.</summary>
public sealed class VectorTests
{
    // contract 12.17: Slack would have refused these, or mentioned people.
    private static readonly string[] Differ = ["notify/long-subject", "notify/markup"];

    public static TheoryData<string> Cases => [.. Scenarios.Where(one => one["steps"]![0]!["from"] is null && one["steps"]!.AsArray().Count == 1)
        .Select(one => one["case"]!.GetValue<string>())];

    private static IEnumerable<JsonNode> Scenarios => Read("scenarios")["cases"]!.AsArray()!;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_case_is_posted_as_the_original_did(string name)
    {
        JsonNode scenario = Scenarios.Single(one => one["case"]!.GetValue<string>() == name);
        JsonNode expected = Read("expected")["cases"]!.AsArray().Single(one => one!["case"]!.GetValue<string>() == name)!["steps"]![0]!;
        bool isBug = scenario["class"]!.GetValue<string>() == "bug";
        var posts = new List<JsonNode>();

        SlackReport report = await BroadcastAsync(scenario, posts);

        if (isBug || Differ.Contains(name))
        {
            JsonObject post = Assert.Single(posts).AsObject();
            Assert.Empty(BlockKitRules.Problems(post));
            Assert.True(report.IsComplete);
            return;
        }

        string[] was = [.. expected["slack"]!.AsArray().Select(post => post!.ToJsonString())];
        Assert.Equal(was, posts.Select(post => post.ToJsonString()));
    }

    [Fact]
    public void The_cases_are_there() => Assert.True(Cases.Count > 35, $"{Cases.Count} cases");

    [Theory]
    [InlineData("notify/not-json", "```plain text```")]
    [InlineData("notify/json-string", "```\"CertificateInfo\"```")]
    public async Task What_is_no_object_is_shown_as_it_is(string name, string text)
    {
        JsonNode post = await PostOfAsync(name);

        Assert.Equal(text, post["blocks"]![0]!["text"]!["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task Days_as_text_are_days()
    {
        string blocks = (await PostOfAsync("notify/warning-string-days"))["blocks"]!.ToJsonString();

        Assert.Contains(":warning: Certificate Expiry Warning", blocks, StringComparison.Ordinal);
        Assert.Contains("*Days Remaining:* 7", blocks, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_certificate_without_days_is_expired() => Assert.Contains(
        ":octagonal_sign: Certificate Expired", (await PostOfAsync("notify/expired-no-days"))["blocks"]!.ToJsonString(), StringComparison.Ordinal);

    [Fact]
    public async Task Purposes_that_are_null_are_left_out()
    {
        string blocks = (await PostOfAsync("notify/rejected-null-purposes"))["blocks"]!.ToJsonString();

        Assert.DoesNotContain("Purposes", blocks, StringComparison.Ordinal);
        Assert.Contains("*SANs:*", blocks, StringComparison.Ordinal);
    }

    private static async Task<JsonNode> PostOfAsync(string name)
    {
        var posts = new List<JsonNode>();
        await BroadcastAsync(Scenarios.Single(one => one["case"]!.GetValue<string>() == name), posts);
        return Assert.Single(posts);
    }

    private static async Task<SlackReport> BroadcastAsync(JsonNode scenario, List<JsonNode> posts)
    {
        JsonNode? slack = scenario["settings"]?["slack"];
        var handler = new RecordingHandler(post =>
        {
            posts.Add(post);
            string channel = post["channel"]!.GetValue<string>();
            string? error = (slack?["fail"]?[channel] ?? slack?["not_ok"]?[channel])?.GetValue<string>();
            return error is null ? """{"ok":true}""" : $$"""{"ok":false,"error":"{{error}}"}""";
        });
        using var http = new HttpClient(handler);
        JsonNode step = scenario["steps"]![0]!;
        string message = step["message_text"]?.GetValue<string>() ?? step["message"]!.ToJsonString();
        string channels = slack?["channels"] is { } list ? string.Join(',', list.AsArray().Select(one => one!.GetValue<string>())) : "ca-notifications";
        return await new SlackBroadcast(new SlackClient(http, TimeProvider.System), StyleOf(scenario, slack)).PostAsync(
            slack?["token"]?.GetValue<string>() ?? "xoxb-test",
            SlackBroadcast.Channels(channels),
            step["subject"]?.GetValue<string>(),
            message,
            TestContext.Current.CancellationToken);
    }

    private static SlackStyle StyleOf(JsonNode scenario, JsonNode? slack)
    {
        var usual = new SlackStyle { Project = scenario["settings"]?["project"]?.GetValue<string>() ?? "serverless" };
        bool hasAliases = slack?.AsObject().ContainsKey("account_aliases") ?? false;
        return usual with
        {
            Username = slack?["username"]?.GetValue<string>() ?? usual.Username,
            GoodEmoji = slack?["good_emoji"]?.GetValue<string>() ?? usual.GoodEmoji,
            BadEmoji = slack?["bad_emoji"]?.GetValue<string>() ?? usual.BadEmoji,
            AccountAlias = hasAliases ? (slack!["account_aliases"] as JsonArray)?.FirstOrDefault()?.GetValue<string>() : "my-ca",
        };
    }

    private static JsonObject Read(string folder) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", folder, "notify.json")))!.AsObject();

    private sealed class RecordingHandler(Func<JsonNode, string> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            JsonNode post = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
            return new HttpResponseMessage { Content = new StringContent(answer(post)) };
        }
    }
}
