using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Recording;

/// <summary>What a step did to the world, in the order in which it happened.</summary>
public sealed class StepRecord
{
    private const string Bucket = "external-bucket";
    private const string Topic = "arn:aws:sns:eu-west-2:111122223333:ca-notifications";

    /// <summary>Changed rows.</summary>
    public JsonArray Rows { get; } = [];

    /// <summary>Published files.</summary>
    public JsonArray Files { get; } = [];

    /// <summary>Delivered notifications.</summary>
    public JsonArray Notifications { get; } = [];

    /// <summary>Arguments of <c>chat.postMessage</c>.</summary>
    public JsonArray SlackMessages { get; } = [];

    /// <summary>A row as it was and as it is.</summary>
    /// <param name="action"><c>put</c> or <c>update</c>.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="before">Null when there was none.</param>
    /// <param name="after">As it is now.</param>
    public void AddRow(string action, string table, JsonObject? before, JsonObject? after) => Rows.Add(
        new JsonObject { ["action"] = action, ["table"] = table, ["before"] = before, ["after"] = after });

    /// <summary>A file that was put in place.</summary>
    public void AddFile(string key, string contentType, ReadOnlySpan<byte> body, string bucket = Bucket) => Files.Add(new JsonObject
    {
        ["bucket"] = bucket,
        ["key"] = key,
        ["content_type"] = contentType,
        ["body_b64"] = Convert.ToBase64String(body),
    });

    /// <summary>A notification as the topic gets it: one message per protocol, of which there is only the default.</summary>
    public void AddNotification(string subject, string payload) =>
        AddPublished(subject, new JsonObject { ["default"] = payload }.ToJsonString(), "json");

    /// <summary>A message that was published to the topic.</summary>
    public void AddPublished(string subject, string message, string structure) => Notifications.Add(new JsonObject
    {
        ["subject"] = subject,
        ["message"] = message,
        ["message_structure"] = structure,
        ["target_arn"] = Topic,
    });
}
