using System.Net.Http.Headers;
using System.Text.Json;

namespace ServerlessCA.Aws.Http;

/// <summary>What a service answered to a call that worked. Immutable.</summary>
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

    /// <summary>All its bytes.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The first value of a header; null when there is none.</summary>
    public string? Header(string name) => headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;

    /// <summary>Its JSON.</summary>
    /// <exception cref="AwsCallException">It is none: something else than the service answered.</exception>
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

    /// <summary>A text that the answer must have.</summary>
    /// <exception cref="AwsCallException">It has none.</exception>
    internal string Required(JsonElement json, string name) => json.Text(name) ?? throw unreadable($"the answer has no '{name}'");
}
