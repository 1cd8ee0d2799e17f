using System.Text.Json;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Requests;
using ServerlessCA.Lambda.Logging;
using ServerlessCA.Lambda.Runtime;
using ServerlessCA.Lambda.Settings;
using ServerlessCA.Slack;

namespace ServerlessCA.Lambda.Handlers;

/// <summary>Runs <c>notify</c>: it posts messages of the topic to Slack (contract section 9). Whatever Slack does, the function
/// does not fail: Lambda would repeat the message, and channels that have it would get it twice. If the token cannot be read,
/// no channel has it; then the function fails, and Lambda repeats the message.</summary>
/// <param name="settings">Channels and style.</param>
/// <param name="readToken">Reads the secret's text; null when there is none.</param>
/// <param name="readAccountAlias">Reads the account's alias; null when it is unknown.</param>
/// <param name="client">Posts the messages.</param>
/// <param name="log">Takes each channel's outcome.</param>
internal sealed class NotifyFunction(
    SlackSettings settings,
    Func<CancellationToken, Task<string?>> readToken,
    Func<CancellationToken, Task<string?>> readAccountAlias,
    SlackClient client,
    Log log) : IFunction
{
    public async Task<ReadOnlyMemory<byte>> HandleAsync(Invocation invocation, CancellationToken cancellation)
    {
        IReadOnlyList<TopicMessage> messages = TopicMessage.ReadAll(invocation.Event);
        Task<string?> readingAlias = readAccountAlias(cancellation);
        string? token = await readToken(cancellation);
        var broadcast = new SlackBroadcast(client, settings.Style with { AccountAlias = await readingAlias });
        foreach (TopicMessage message in messages)
        {
            Report(await broadcast.PostAsync(token, settings.Channels, message.Subject, message.Message, cancellation));
        }

        return OperationResult.NoAnswer;
    }

    private void Report(SlackReport report)
    {
        if (report.NothingSent is { } why)
        {
            log.NothingSent(why);
        }

        foreach (ChannelOutcome outcome in report.Channels)
        {
            if (outcome.Outcome.Result == SlackResult.Posted)
            {
                log.Posted(outcome.Channel);
            }
            else
            {
                log.NotPosted(outcome.Channel, outcome.Outcome.Reason);
            }
        }
    }
}

/// <summary>Holds one message of the topic as SNS passes it to a function. Immutable.</summary>
/// <param name="Subject">The message's subject; may be null.</param>
/// <param name="Message">The event's JSON.</param>
internal sealed record TopicMessage(string? Subject, string Message)
{
    /// <summary>Reads the messages of an SNS event: <c>{"Records": [{"Sns": {"Subject", "Message"}}]}</c>.</summary>
    /// <exception cref="UnexpectedEventException">The event has another form.</exception>
    public static IReadOnlyList<TopicMessage> ReadAll(ReadOnlyMemory<byte> utf8)
    {
        string expected = $"{Operation.Of(CaFunction.Notify).Name} takes events of an SNS topic, {{\"Records\": [{{\"Sns\": {{\"Subject\": …, \"Message\": …}}}}]}}";
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8);
            bool readable = document.RootElement.ValueKind == JsonValueKind.Object && JsonFaults.IsUnicode(document.RootElement)
                && document.RootElement.TryGetProperty("Records", out JsonElement records) && records.ValueKind == JsonValueKind.Array;
            TopicMessage?[] messages = readable
                ? [.. document.RootElement.GetProperty("Records").EnumerateArray().Select(Read)]
                : [null];
            return Array.TrueForAll(messages, message => message is not null)
                ? [.. messages.Select(message => message!)]
                : throw new UnexpectedEventException($"{expected}; this is another");
        }
        catch (JsonException fault)
        {
            throw new UnexpectedEventException($"{expected}; this is not JSON: {JsonFaults.Place(fault)}");
        }
    }

    private static TopicMessage? Read(JsonElement record) =>
        record.ValueKind == JsonValueKind.Object && record.TryGetProperty("Sns", out JsonElement sns) && sns.ValueKind == JsonValueKind.Object
        && sns.TryGetProperty(nameof(Message), out JsonElement message) && message.ValueKind == JsonValueKind.String
            ? new TopicMessage(
                sns.TryGetProperty(nameof(Subject), out JsonElement subject) && subject.ValueKind == JsonValueKind.String ? subject.GetString() : null,
                message.GetString()!)
            : null;
}
