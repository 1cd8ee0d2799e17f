using System.Net;
using System.Text;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>How one call of AWS goes wrong.</summary>
public enum CallFault
{
    /// <summary>It never arrives.</summary>
    Lost,

    /// <summary>It is done, and its answer is lost.</summary>
    DoneButAnswerLost,

    /// <summary>The service refuses it for now.</summary>
    Throttled,
}

/// <summary>Lets the n-th attempt of a call go wrong; the others pass.</summary>
/// <param name="fault">How.</param>
/// <param name="nth">From 1.</param>
internal sealed class PlannedFault(CallFault fault, int nth)
{
    private int attempts;

    /// <summary>Whether there was an n-th attempt.</summary>
    public bool Happened => attempts >= nth;

    /// <summary>For a session's transport.</summary>
    public HttpMessageHandler Before(HttpMessageHandler transport) => new Handler(this, transport);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Func<Task<HttpResponseMessage>> send)
    {
        if (Interlocked.Increment(ref attempts) != nth)
        {
            return await send();
        }

        switch (fault)
        {
            case CallFault.Lost:
                throw new HttpRequestException("lost on the way");
            case CallFault.DoneButAnswerLost:
                using (await send())
                {
                    throw new HttpRequestException("answer lost on the way back");
                }

            default:
                return Throttling(request);
        }
    }

    // Each protocol has its own form: JSON has a target, the query protocol a form, S3 neither.
    private static HttpResponseMessage Throttling(HttpRequestMessage request)
    {
        bool json = request.Headers.Contains("X-Amz-Target");
        bool query = request.Content?.Headers.ContentType?.MediaType == "application/x-www-form-urlencoded";
        string body = json ? """{"__type":"ThrottlingException","message":"Rate exceeded"}"""
            : query ? "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"
            : "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
        return new HttpResponseMessage(json || query ? HttpStatusCode.BadRequest : HttpStatusCode.ServiceUnavailable)
        {
            Content = new StringContent(body, Encoding.UTF8, json ? "application/x-amz-json-1.0" : "text/xml"),
            RequestMessage = request,
        };
    }

    private sealed class Handler(PlannedFault plan, HttpMessageHandler transport) : DelegatingHandler(transport)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            plan.SendAsync(request, () => base.SendAsync(request, cancellationToken));
    }
}
