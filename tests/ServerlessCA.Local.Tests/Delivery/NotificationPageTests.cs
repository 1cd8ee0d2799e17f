using System.Text;
using System.Text.RegularExpressions;
using MimeKit;
using ServerlessCA.Local.Delivery.Settings;
using ServerlessCA.Slack;
using ServerlessCA.Slack.Tests.Fakes;
using Xunit;

namespace ServerlessCA.Local.Tests.Delivery;

/// <summary>Checks that the examples of docs/notifications.md work.</summary>
public sealed class NotificationPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "notifications.md"));

    [Fact]
    public void The_settings_of_the_page_are_good()
    {
        NotificationSettings settings = TestTargets.Read(Block("## Targets of a local CA", "json"));

        Assert.Empty(settings.Problems);
        Assert.Equal(
            ["Slack channel ca-notifications", "Slack channel ca-audit", "webhook https://hooks.example.com/ca", "mail to ops@example.com", "mail to security@example.com"],
            settings.Targets.Select(target => target.Name));
    }

    [Fact]
    public async Task The_mail_of_the_page_is_the_one_that_is_sent()
    {
        await using MailServer server = MailServer.Start();
        using var http = new HttpClient();
        string json = $$"""[{"type":"smtp","host":"127.0.0.1","port":{{server.Port}},"tls":"none","from":"ca@example.com","to":["ops@example.com"]}]""";

        await TestTargets.Create(json, http)[0].SendAsync(QueuedEvents.Issued(), TestContext.Current.CancellationToken);

        using var data = new MemoryStream(Encoding.UTF8.GetBytes(Assert.Single(server.Taken).Data));
        MimeMessage mail = await MimeMessage.LoadAsync(data, TestContext.Current.CancellationToken);
        Assert.Equal(mail.TextBody!.ReplaceLineEndings("\n").TrimEnd('\n'), Block("### Mail", "text"));
        Assert.Contains($"`{mail.Subject}`", Page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 100, "True")]
    [InlineData("", 4000, "False")]
    [InlineData(" ", 100, "False")]
    public async Task The_receiver_of_the_page_takes_what_is_genuine_and_fresh(string more, int later, string genuine)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        using var secret = new Variable("s3cret");
        using HttpClient http = SlackHttp.Create();
        await TestTargets.Create($$"""[{"type":"webhook","url":"{{server.Address}}","secret_env":"{{secret.Name}}"}]""", http)[0]
            .SendAsync(QueuedEvents.Issued("grün"), TestContext.Current.CancellationToken);
        ReceivedRequest request = Assert.Single(server.Requests);
        string timestamp = request.Headers["X-Serverless-CA-Timestamp"];
        string call = $$"""
            import sys
            headers = {"X-Serverless-CA-Timestamp": "{{timestamp}}", "X-Serverless-CA-Signature": "{{request.Headers["X-Serverless-CA-Signature"]}}"}
            print(is_genuine(b"s3cret", headers, sys.argv[1].encode(), {{timestamp}} + {{later}}))
            """;

        string printed = await ForeignProgram.OutputAsync(
            "python3", "-X", "utf8", "-c", $"{Block("### Webhooks", "python")}\n{call}", Encoding.UTF8.GetString(request.Body) + more);

        Assert.Equal(genuine, printed.Trim());
    }

    private static string Block(string heading, string language) =>
        Regex.Match(Page[Page.IndexOf($"\n{heading}\n", StringComparison.Ordinal)..], $"```{language}\n(.*?)\n```", RegexOptions.Singleline).Groups[1].Value;
}
