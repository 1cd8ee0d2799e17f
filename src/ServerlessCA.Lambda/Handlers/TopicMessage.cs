using System.Text.Json;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Requests;
using ServerlessCA.Lambda.Runtime;

namespace ServerlessCA.Lambda.Handlers;

/// <summary>One message of the topic as SNS hands it to a function. Immutable.</summary>
/// <param name="Subject">May be null.</param>
/// <param name="Message">The event's JSON.</param>
internal sealed record TopicMessage(string? Subject, string Message)
{
    /// <summary>The messages of an SNS event: <c>{"Records": [{"Sns": {"Subject", "Message"}}]}</c>.</summary>
    /// <exception cref="UnexpectedEventException">It is no such event.</exception>
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
