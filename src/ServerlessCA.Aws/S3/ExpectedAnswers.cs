using System.Net;

namespace ServerlessCA.Aws.S3;

/// <summary>Turns two answers of <c>GetObject</c> that are no fault into successes without content: that there is no such object, and
/// that it has not changed. The SDK would throw an exception for each, twice, and write its stack trace for a tracer that nobody
/// has: a seventh of a function's first answer, an eighth of every other one.</summary>
/// <param name="attempts">The handler that sends the requests, and reads errors whole.</param>
internal sealed class ExpectedAnswers(HttpMessageHandler attempts) : DelegatingHandler(attempts)
{
    /// <summary>The status of an answer that there is no such object. S3 has it for no <c>GetObject</c>.</summary>
    public const HttpStatusCode Missing = HttpStatusCode.NoContent;

    /// <summary>The status of an answer that the object has not changed. S3 has it for nothing.</summary>
    public const HttpStatusCode Unchanged = HttpStatusCode.ResetContent;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
        HttpStatusCode? expected = request.Method != HttpMethod.Get ? null
            : answer.StatusCode == HttpStatusCode.NotModified && request.Headers.Contains("If-None-Match") ? Unchanged
            : answer.StatusCode == HttpStatusCode.NotFound && await SaysNoSuchKeyAsync(answer, cancellationToken) ? Missing
            : null;
        if (expected is { } status)
        {
            answer.StatusCode = status;
            answer.Headers.Clear(); // the SDK would compare the content with the ETag and the checksum of the object
            answer.Content.Dispose();
            answer.Content = new ByteArrayContent([]);
        }

        return answer;
    }

    // A missing bucket is a fault, and so is the 404 of a proxy.
    private static async Task<bool> SaysNoSuchKeyAsync(HttpResponseMessage answer, CancellationToken cancellation) =>
        (await answer.Content.ReadAsStringAsync(cancellation)).Contains("<Code>NoSuchKey</Code>", StringComparison.Ordinal);
}
