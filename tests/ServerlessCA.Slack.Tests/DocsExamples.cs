using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Notifications;

namespace ServerlessCA.Slack.Tests;

/// <summary>JSON as docs/notifications.md shows it: laid out, long Base64 texts cut.</summary>
internal static class DocsExamples
{
    private const int ShownBase64 = 32;

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Message(Notification told)
    {
        JsonObject message = JsonNode.Parse(told.Json)!.AsObject();
        foreach (string name in new[] { "Base64Certificate", "Base64CSR" }.Where(message.ContainsKey))
        {
            message[name] = message[name]!.GetValue<string>()[..ShownBase64] + "…";
        }

        return message.ToJsonString(Readable);
    }

    public static string Post(Notification told) =>
        JsonNode.Parse(SlackMessages.Post(told.Subject, told.Json, "ca-notifications", SomeEvents.Style))!.ToJsonString(Readable);
}
