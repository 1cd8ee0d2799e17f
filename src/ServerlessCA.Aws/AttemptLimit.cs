using Amazon.Runtime;
using Amazon.S3;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.S3;

namespace ServerlessCA.Aws;

/// <summary>Ends an attempt that has no answer in time, as a fault of the transport: the SDK tries those again, while a
/// cancellation of its HTTP client ends its call. Answers that are not large, and all errors, are read whole within the attempt,
/// so that one which breaks off is tried again, too.</summary>
/// <param name="transport">The handler that sends the requests.</param>
/// <param name="limit">The longest wait for an attempt, besides the time that a large body needs.</param>
/// <param name="fips">Whether the client asks for a FIPS endpoint.</param>
/// <param name="dualStack">Whether the client asks for a dual-stack endpoint.</param>
internal sealed class AttemptLimit(HttpMessageHandler transport, TimeSpan limit, bool fips, bool dualStack) : DelegatingHandler(transport)
{
    private const long WholeBytes = 8 << 20; // our decision: every answer but a very large CRL

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        TimeSpan timeout = limit + AwsRetryPolicy.Moving(request.Content?.Headers.ContentLength ?? 0);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(timeout);
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, attempt.Token);
            bool isWhole = response.Content.Headers.ContentLength is <= WholeBytes || !response.IsSuccessStatusCode;
            if (isWhole && request.Method != HttpMethod.Head)
            {
                await response.Content.LoadIntoBufferAsync(WholeBytes, attempt.Token);
            }

            return response;
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            response?.Dispose();
            throw new HttpRequestException($"No answer from {request.RequestUri?.Host} within {timeout.TotalSeconds:0.###} s.", late);
        }
        catch (HttpRequestException fault) when (AwsEndpoint.AdviceOn(fault, request.RequestUri?.Host, fips, dualStack) is { } advice)
        {
            throw new HttpRequestException(fault.HttpRequestError, advice, fault); // the SDK shows no more
        }
        catch
        {
            response?.Dispose();
            throw;
        }
    }
}

/// <summary>Makes the HTTP clients of the SDK's clients, which share the session's connections.</summary>
internal sealed class SessionClients(HttpMessageHandler transport, TimeSpan attempt) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var attempts = new AttemptLimit(transport, attempt, clientConfig.UseFIPSEndpoint, clientConfig.UseDualstackEndpoint);
        HttpMessageHandler handler = clientConfig is AmazonS3Config ? new ExpectedAnswers(attempts) : attempts;
        return new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
