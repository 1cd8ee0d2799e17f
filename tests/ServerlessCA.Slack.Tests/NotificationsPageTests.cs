using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServerlessCA.Core.Notifications;
using Xunit;

namespace ServerlessCA.Slack.Tests;

/// <summary>Checks that docs/notifications.md shows what is really sent.</summary>
public sealed partial class NotificationsPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "notifications.md"));

    public static TheoryData<string> Subjects => [.. SomeEvents.All.Select(notification => notification.Subject)];

    [Theory]
    [MemberData(nameof(Subjects))]
    public void The_page_shows_the_message_and_its_post(string subject)
    {
        Notification notification = SomeEvents.All.Single(one => one.Subject == subject);

        string[] blocks = [.. JsonBlock().Matches(Section(subject)).Select(match => match.Groups[1].Value)];

        Assert.Equal([DocsExamples.Message(notification), DocsExamples.Post(notification)], blocks);
        Assert.Contains($"`{notification.Id}`", Section(subject), StringComparison.Ordinal);
    }

    private static string Section(string title)
    {
        string[] parts = Page.Split($"\n### {title}\n");
        Assert.Equal(2, parts.Length);
        return NextHeading().Split(parts[1])[0];
    }

    [GeneratedRegex("```json\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();

    [GeneratedRegex("\n##+ ")]
    private static partial Regex NextHeading();
}

/// <summary>Writes JSON as docs/notifications.md shows it: indented, with long Base64 texts cut.</summary>
internal static class DocsExamples
{
    private const int ShownBase64 = 32;

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Message(Notification notification)
    {
        JsonObject message = JsonNode.Parse(notification.Json)!.AsObject();
        foreach (string name in new[] { "Base64Certificate", "Base64CSR" }.Where(message.ContainsKey))
        {
            message[name] = message[name]!.GetValue<string>()[..ShownBase64] + "…";
        }

        return message.ToJsonString(Readable);
    }

    public static string Post(Notification notification) =>
        JsonNode.Parse(SlackMessages.Post(notification.Subject, notification.Json, "ca-notifications", SomeEvents.Style))!.ToJsonString(Readable);
}
