using Amazon.Runtime;

namespace ServerlessCA.Aws;

/// <summary>Gives the SDK's clients the session's connections.</summary>
internal sealed class SessionClients(HttpMessageHandler transport, TimeSpan attempt) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
        new(new AttemptLimit(transport, attempt, clientConfig.UseFIPSEndpoint, clientConfig.UseDualstackEndpoint), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
}
