using Amazon.Runtime;
using ServerlessCA.Emulators;

namespace ServerlessCA.Aws.Tests.DynamoDb;

/// <summary>Lets the SDK speak through a meter.</summary>
internal sealed class MeteredHttp(CapacityMeter meter) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(meter, disposeHandler: false);

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
}
