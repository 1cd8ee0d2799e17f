using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Slack.Tests.Fakes;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Tests the setting <c>notifications</c> in whole runs.</summary>
public sealed class NotificationTests : IDisposable
{
    private static readonly string[] Subjects =
    [
        "Certificate Expired", "Certificate Expiry Warning", "Certificate Issued", "Certificate Request Rejected", "Certificate Revoked",
        "Revocation Failed",
    ];

    private readonly FixedClock clock = new();
    private readonly Session session;

    public NotificationTests() => session = new Session { Clock = clock };

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Slack_and_a_webhook_get_all_six_messages_once()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        await using LoopbackServer hook = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        (await session.RunAsync("run")).Done();
        SetTargets(slack.BaseAddress, new Uri(hook.Address, "hook"));
        string folder = Folder();

        Assert.Equal(ExitCode.Refused, (await session.RunAsync("run", folder)).ExitCode);
        await RevokeAsync("host001.example.com");
        Assert.Equal(ExitCode.Fault, (await session.RunAsync("run", folder)).ExitCode); // an entry of the list matches no certificate
        clock.Now += TimeSpan.FromDays(30 - 7);
        Assert.Equal(ExitCode.Fault, (await session.RunAsync("run", folder)).ExitCode);
        clock.Now += TimeSpan.FromDays(8);
        Assert.Equal(ExitCode.Fault, (await session.RunAsync("run", folder)).ExitCode);

        JsonObject[] events = [.. hook.Requests.Select(request => JsonNode.Parse(request.Body)!.AsObject())];
        Assert.Equal(events.Length, events.Select(one => one["Id"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal(Subjects, events.Select(one => one["Subject"]!.GetValue<string>()).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(events.Length, slack.PostsIn("ca").Count);
        Assert.All(Subjects, subject => Assert.Contains(
            slack.PostsIn("ca"), post => post["text"]!.GetValue<string>().Contains(subject, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_target_that_fails_is_named_the_run_succeeds_and_the_next_one_tells_it()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        slack.Next("ca", FakeSlack.Error("channel_not_found"));
        (await session.RunAsync("run")).Done();
        SetTargets(slack.BaseAddress, hook: null);
        string folder = GitOpsFolder.OfHosts(session.Folder, 1);

        Result first = (await session.RunAsync("run", folder)).Done();
        Result second = (await session.RunAsync("run", folder, "--output", "json")).Done();

        Assert.Contains("warning: Slack channel ca: Slack answered: channel_not_found", first.Error, StringComparison.Ordinal);
        Assert.Matches("Slack channel ca +0 sent, 1 waiting", first.Output);
        JsonElement target = Assert.Single(second.Json.GetProperty("Notifications").EnumerateArray());
        Assert.Equal((1, 0), (target.GetProperty("Sent").GetInt32(), target.GetProperty("Waiting").GetInt32()));
        Assert.Single(slack.PostsIn("ca")); // issued
    }

    [Fact]
    public async Task A_revocation_is_notified_at_once()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        (await session.RunAsync("run", GitOpsFolder.OfHosts(session.Folder, 1))).Done();
        SetTargets(slack.BaseAddress, hook: null);

        (await session.RunAsync("revoke", "host000.example.com", "--reason", "keyCompromise")).Done();

        Assert.Contains("Certificate Revoked", Assert.Single(slack.PostsIn("ca"))["text"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_cannot_be_is_a_mistake_in_the_settings()
    {
        (await session.RunAsync("run")).Done();
        Set(new JsonArray(new JsonObject { ["type"] = "webhook" }));

        Result result = await session.RunAsync("run");

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains("settings.json': notifications[0].url is missing", result.Error, StringComparison.Ordinal);
    }

    // Makes entries for two hosts that get certificates, and one entry that is refused in every run.
    private string Folder()
    {
        string folder = GitOpsFolder.OfHosts(session.Folder, 2);
        JsonArray entries = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "tls.json")))!.AsArray();
        entries.Add(new JsonObject { ["common_name"] = "lost.example.com", ["csr_file"] = "lost.csr" });
        session.Folder.Write("gitops/csrs/lost.csr", "no CSR");
        session.Folder.Write("gitops/tls.json", entries.ToJsonString());
        return folder;
    }

    private async Task RevokeAsync(string name)
    {
        JsonElement rows = (await session.RunAsync("list", "--name", name, "--output", "json")).Done().Json;
        string serial = rows.GetProperty("Certificates")[0].GetProperty("SerialNumber").GetString()!;
        session.Folder.Write("gitops/revoked.json", new JsonArray(
            new JsonObject { ["common_name"] = name, ["serial_number"] = serial, ["reason"] = "keyCompromise" },
            new JsonObject { ["common_name"] = "nobody", ["serial_number"] = "4660" }).ToJsonString());
    }

    private void SetTargets(Uri slack, Uri? hook)
    {
        File.WriteAllText(Path.Combine(session.Data, "slack-token"), FakeSlack.Token);
        var targets = new JsonArray(new JsonObject
        {
            ["type"] = "slack", ["token_file"] = "slack-token", ["channels"] = new JsonArray("ca"), ["base_url"] = slack.AbsoluteUri,
        });
        if (hook is not null)
        {
            File.WriteAllText(Path.Combine(session.Data, "hook-secret"), "correct horse battery staple");
            targets.Add(new JsonObject { ["type"] = "webhook", ["url"] = hook.AbsoluteUri, ["secret_file"] = "hook-secret" });
        }

        Set(targets);
    }

    private void Set(JsonArray targets)
    {
        string file = Path.Combine(session.Data, "settings.json");
        JsonObject settings = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        settings["notifications"] = targets;
        File.WriteAllText(file, settings.ToJsonString());
    }
}
