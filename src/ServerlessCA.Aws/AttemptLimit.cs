namespace ServerlessCA.Aws;

/// <summary>Ends an attempt whose answer does not begin in time, as a fault of the transport: the SDK tries those
/// again, while a cancellation of its HTTP client ends its call.</summary>
internal sealed class AttemptLimit(HttpMessageHandler transport, TimeSpan limit) : DelegatingHandler(transport)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(limit);
        try
        {
            return await base.SendAsync(request, attempt.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"No answer from {request.RequestUri?.Host} within {limit.TotalSeconds:0.###} s.", late);
        }
    }
}
