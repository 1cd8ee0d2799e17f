using System.Net.Http.Headers;

namespace ServerlessCA.Aws.Http;

/// <summary>What a service answered to a call that worked. Immutable.</summary>
/// <param name="Body">All its bytes.</param>
/// <param name="Headers">Its headers, those of the body not included.</param>
public sealed record SignedAnswer(ReadOnlyMemory<byte> Body, HttpResponseHeaders Headers)
{
    /// <summary>The first value of a header; null when there is none.</summary>
    public string? Header(string name) => Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;
}
