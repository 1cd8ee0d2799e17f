using System.Text.Json.Nodes;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Recording;

/// <summary>Holds the record of the step that runs now, where the recording ports write.</summary>
public sealed class Recorder
{
    /// <summary>Gets the record of the step that runs now.</summary>
    public StepRecord Current { get; private set; } = new();

    /// <summary>Begins a step's record.</summary>
    public StepRecord Begin() => Current = new StepRecord();

    /// <summary>Takes the arguments of <c>chat.postMessage</c> and answers as Slack does.</summary>
    /// <param name="arguments">What is recorded.</param>
    /// <param name="slack">Which channels <c>fail</c> or are <c>not_ok</c>, with Slack's error.</param>
    public JsonObject PostToSlack(JsonObject arguments, JsonObject slack)
    {
        Current.SlackMessages.Add(arguments.DeepClone());
        string channel = arguments["channel"]?.GetValue<string>() ?? "";
        JsonNode? error = slack["fail"]?[channel] ?? slack["not_ok"]?[channel];
        return error is null ? new JsonObject { ["ok"] = true } : new JsonObject { ["ok"] = false, ["error"] = error.DeepClone() };
    }
}

/// <summary>Holds what a step did to the world, in the order in which it happened.</summary>
public sealed class StepRecord
{
    private const string Bucket = "external-bucket";
    private const string Topic = "arn:aws:sns:eu-west-2:111122223333:ca-notifications";

    /// <summary>Lists changed rows.</summary>
    public JsonArray Rows { get; } = [];

    /// <summary>Lists published files.</summary>
    public JsonArray Files { get; } = [];

    /// <summary>Lists delivered notifications.</summary>
    public JsonArray Notifications { get; } = [];

    /// <summary>Lists the arguments of <c>chat.postMessage</c>.</summary>
    public JsonArray SlackMessages { get; } = [];

    /// <summary>Adds a row as it was and as it is.</summary>
    /// <param name="action"><c>put</c> or <c>update</c>.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="before">Null when there was none.</param>
    /// <param name="after">The row as it is now.</param>
    public void AddRow(string action, string table, JsonObject? before, JsonObject? after) => Rows.Add(
        new JsonObject { ["action"] = action, ["table"] = table, ["before"] = before, ["after"] = after });

    /// <summary>Adds a file that was published.</summary>
    public void AddFile(string key, string contentType, ReadOnlySpan<byte> body, string bucket = Bucket) => Files.Add(new JsonObject
    {
        ["bucket"] = bucket,
        ["key"] = key,
        ["content_type"] = contentType,
        ["body_b64"] = Convert.ToBase64String(body),
    });

    /// <summary>Adds a notification as the topic gets it: one message per protocol, of which there is only the default.</summary>
    public void AddNotification(string subject, string payload) =>
        AddPublished(subject, new JsonObject { ["default"] = payload }.ToJsonString(), "json");

    /// <summary>Adds a message that was published to the topic.</summary>
    public void AddPublished(string subject, string message, string structure) => Notifications.Add(new JsonObject
    {
        ["subject"] = subject,
        ["message"] = message,
        ["message_structure"] = structure,
        ["target_arn"] = Topic,
    });
}

/// <summary>Is a ledger that records every change of a row, as the table would show it.</summary>
/// <param name="inner">The ledger that stores.</param>
/// <param name="tableName">The table of the contract.</param>
/// <param name="recorder">Receives the changes.</param>
/// <param name="read">Returns the table's item of a row.</param>
internal sealed class RecordingLedger(
    ICertificateLedger inner, string tableName, Recorder recorder, Func<RowId, CancellationToken, Task<JsonObject?>> read)
    : ForwardingLedger(inner)
{
    public override Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation) => RecordAsync(
        "put", RowId.Of(addition.Record),
        () => Inner.AddAsync(addition, cancellation), made => made == AddOutcome.Added, cancellation);

    public override Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? notification, HistoryEntry? history, CancellationToken cancellation) =>
        RecordAsync(
            "update", row, () => Inner.RevokeAsync(row, revocation, key, notification, history, cancellation),
            made => made is RevokeOutcome.Revoked or RevokeOutcome.ReasonReplaced, cancellation);

    public override Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification notification, HistoryEntry? history, CancellationToken cancellation) => RecordAsync(
        "update", row, () => Inner.AddReminderAsync(row, at, expectedCount, notification, history, cancellation), made => made, cancellation);

    public override Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation) => RecordAsync(
        "update", ca, () => Inner.NextCrlNumberAsync(ca, atLeast, cancellation), _ => true, cancellation);

    private async Task<T> RecordAsync<T>(
        string action, RowId id, Func<Task<T>> change, Predicate<T> changed, CancellationToken cancellation)
    {
        JsonObject? before = await read(id, cancellation);
        T made = await change();
        JsonObject? after = await read(id, cancellation);
        if (changed(made))
        {
            recorder.Current.AddRow(action, tableName, before, after);
        }

        return made;
    }
}

/// <summary>Is a store of published files that records every file that is published.</summary>
internal sealed class RecordingFiles(IPublishedFiles inner, Recorder recorder, string bucket = "external-bucket") : IPublishedFiles
{
    public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => inner.ReadAsync(key, cancellation);

    public async Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation)
    {
        bool published = await inner.PublishAsync(file, expected, cancellation);
        if (published)
        {
            recorder.Current.AddFile(file.Key, file.ContentType, file.Content.Span, bucket);
        }

        return published;
    }
}

/// <summary>Is a notifier that delivers to the record, and nowhere else.</summary>
internal sealed class RecordingNotifier(Recorder recorder) : INotifier
{
    public Task DeliverAsync(Notification notification, CancellationToken cancellation)
    {
        recorder.Current.AddNotification(notification.Subject, notification.Json);
        return Task.CompletedTask;
    }
}
