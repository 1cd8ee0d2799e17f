using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Slack messages that differ from the original's.</summary>
internal static class NotifyDifferences
{
    private const int LongestSection = 3000; // Slack, Block Kit reference: text of a section

    public static IEnumerable<DeliberateDifference> All { get; } =
    [
        CaseDifference.Of(
            "slack-null-field", "12.2", "A field that is null is left out",
            (expected, step) =>
            {
                PostLike(expected, step, "notify/rejected");
                JsonArray fields = Message(step)["blocks"]![3]!["fields"]!.AsArray();
                fields.RemoveAt(2);
            },
            "notify/rejected-null-purposes"),
        CaseDifference.Of(
            "slack-days-text", "12.2", "A whole number may be text",
            (expected, step) => PostLike(expected, step, "notify/warning"), "notify/warning-string-days"),
        CaseDifference.Of(
            "slack-expired", "12.2", "What its subject calls expired is not called issued",
            (expected, step) => PostLike(expected, step, "notify/expired"), "notify/expired-no-days"),
        CaseDifference.Of(
            "slack-no-object", "12.2", "A message that is no JSON object is passed on as it is",
            (expected, step) =>
            {
                PostLike(expected, step, "notify/unknown");
                Message(step)["text"] = step.Fields["subject"]!.DeepClone();
                Message(step)["blocks"]![0]!["text"]!["text"] = $"```{step.Fields["message_text"]!.GetValue<string>()}```";
            },
            "notify/not-json", "notify/json-string"),
        CaseDifference.Of(
            "slack-escaped", "12.17", "Markup in names is escaped",
            (_, step) =>
            {
                JsonArray blocks = Message(step)["blocks"]!.AsArray();
                blocks[1]!["text"]!["text"] = "*Subject:* `CN='x' &lt;!channel&gt; *b*`";
                blocks[2]!["fields"]![0]!["text"] = "*Common Name:*\n&lt;!here&gt; &amp;";
            },
            "notify/markup"),
        CaseDifference.Of(
            "slack-limits", "12.17", "Text is kept within Slack's limits",
            (_, step) => Message(step)["blocks"]![1]!["text"]!["text"] = "*Subject:* `CN=".PadRight(LongestSection - 2, 's') + "…`",
            "notify/long-subject"),
    ];

    private static JsonNode Message(ExpectedStep step) => step.Form["slack"]![0]!;

    private static void PostLike(ExpectedCase expected, ExpectedStep step, string model)
    {
        JsonNode other = expected.Other(model)["steps"]![0]!;
        step.Form["outcome"] = other["outcome"]!.DeepClone();
        step.Form["slack"] = other["slack"]!.DeepClone();
    }
}
