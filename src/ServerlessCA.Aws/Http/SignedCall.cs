using System.Net.Http.Headers;

namespace ServerlessCA.Aws.Http;

/// <summary>One call to make. Immutable.</summary>
/// <param name="Operation">Its name, for messages, such as <c>Publish</c>.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Path and query under the endpoint, without a leading slash; parts are escaped.</param>
/// <param name="Body">The body; empty for none.</param>
/// <param name="ContentType">Its media type; null for none.</param>
public sealed record SignedCall(string Operation, HttpMethod Method, string Path, ReadOnlyMemory<byte> Body, string? ContentType)
{
    /// <summary>Further headers; they are signed too.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Whether the call may be made again when it may have worked already. False: it is made again only when
    /// it certainly did nothing (throttled, no connection).</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>Longest wait for an attempt's answer; null: <see cref="AwsRetryPolicy.Attempt"/>.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Asked when <see cref="Limit"/> has passed without an answer: how long to wait in all. Null: no longer.
    /// It does not throw, unless it is cancelled.</summary>
    public Func<CancellationToken, Task<TimeSpan>>? WholeLimit { get; init; }

    /// <summary>Largest answer that is read, in bytes; our decision.</summary>
    public int MaxAnswerBytes { get; init; } = 8 << 20;

    /// <summary>A call of AWS JSON 1.0 or 1.1: one object in, one object out, the operation named in a header.</summary>
    /// <param name="target">Such as <c>secretsmanager.GetSecretValue</c>.</param>
    /// <param name="body">A JSON object.</param>
    /// <param name="version"><c>1.0</c> or <c>1.1</c>.</param>
    public static SignedCall Json(string target, ReadOnlyMemory<byte> body, string version = "1.1") =>
        new(target[(target.LastIndexOf('.') + 1)..], HttpMethod.Post, "", body, $"application/x-amz-json-{version}")
        {
            Headers = [("X-Amz-Target", target)],
        };

    /// <summary>The message of one attempt: a sent one cannot be sent again.</summary>
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
