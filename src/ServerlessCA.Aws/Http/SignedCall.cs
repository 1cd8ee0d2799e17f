using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ServerlessCA.Aws.Http;

/// <summary>Describes one call to make. Immutable.</summary>
/// <param name="Operation">The operation's name for messages, such as <c>Publish</c>.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Path and query below the endpoint, without a leading slash; its parts are escaped.</param>
/// <param name="Body">The body; empty for none.</param>
/// <param name="ContentType">The body's media type; null for none.</param>
public sealed record SignedCall(string Operation, HttpMethod Method, string Path, ReadOnlyMemory<byte> Body, string? ContentType)
{
    /// <summary>Further headers, which are signed too.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Whether the call may be made again although the service may have carried it out. False: it is made again only
    /// when it certainly did nothing (throttled, no connection).</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>The timeout of an attempt; null: <see cref="AwsRetryPolicy.Attempt"/>.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Called when <see cref="Limit"/> has passed without an answer, and returns how long to wait in all. Null: no
    /// longer. It throws only when it is cancelled.</summary>
    public Func<CancellationToken, Task<TimeSpan>>? WholeLimit { get; init; }

    /// <summary>The largest answer that is read, in bytes; our decision.</summary>
    public int MaxAnswerBytes { get; init; } = 8 << 20;

    /// <summary>Makes a call of AWS JSON 1.0 or 1.1: one object in, one object out, and a header names the operation.</summary>
    /// <param name="target">Such as <c>secretsmanager.GetSecretValue</c>.</param>
    /// <param name="body">A JSON object.</param>
    /// <param name="version"><c>1.0</c> or <c>1.1</c>.</param>
    public static SignedCall Json(string target, ReadOnlyMemory<byte> body, string version = "1.1") =>
        new(target[(target.LastIndexOf('.') + 1)..], HttpMethod.Post, "", body, $"application/x-amz-json-{version}")
        {
            Headers = [("X-Amz-Target", target)],
        };

    /// <summary>Makes the message of one attempt; a message cannot be sent twice.</summary>
    internal HttpRequestMessage Message(Uri address)
    {
        var message = new HttpRequestMessage(Method, new Uri(address, Path));
        foreach ((string name, string value) in Headers)
        {
            message.Headers.Add(name, value);
        }

        if (ContentType is not null)
        {
            message.Content = new ReadOnlyMemoryContent(Body);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        }

        return message;
    }
}

/// <summary>Holds what a service answered to a call that succeeded. Immutable.</summary>
public sealed class SignedAnswer
{
    private readonly HttpResponseHeaders headers;
    private readonly Func<string, AwsCallException> unreadable;

    internal SignedAnswer(ReadOnlyMemory<byte> body, HttpResponseHeaders headers, Func<string, AwsCallException> unreadable)
    {
        Body = body;
        this.headers = headers;
        this.unreadable = unreadable;
    }

    /// <summary>The body, whole.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Returns the first value of a header; null when there is none.</summary>
    public string? Header(string name) => headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;

    /// <summary>Parses the body as JSON.</summary>
    /// <exception cref="AwsCallException">The body is no JSON: something other than the service answered.</exception>
    public JsonDocument Json()
    {
        try
        {
            return JsonDocument.Parse(Body);
        }
        catch (JsonException)
        {
            throw unreadable("the answer is no JSON: is the endpoint the service's own?");
        }
    }

    /// <summary>Returns a text that the answer must have.</summary>
    /// <exception cref="AwsCallException">The answer does not have it.</exception>
    internal string Required(JsonElement json, string name) => json.Text(name) ?? throw unreadable($"the answer has no '{name}'");
}

/// <summary>Writes the JSON of requests.</summary>
internal static class RequestJson
{
    /// <summary>Writes one object as UTF-8.</summary>
    public static byte[] Object(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>Reads the JSON of answers, in which absent values are left out.</summary>
internal static class AnswerJson
{
    /// <summary>Returns a text; null when it is absent.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>Returns a whole number; null when it is absent.</summary>
    public static long? Number(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number) ? number : null;

    /// <summary>Returns a time that is written as seconds since 1970, with a fraction; null when it is absent.</summary>
    public static DateTimeOffset? Time(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Number } value
            ? DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Round(value.GetDouble() * 1000))
            : null;

    /// <summary>Returns the elements of a list; none when it is absent.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    /// <summary>Returns a member; null when it is absent, or when this is no object.</summary>
    public static JsonElement? Member(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) ? value : null;
}
