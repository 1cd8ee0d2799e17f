using ServerlessCA.Aws.Kms;
using ServerlessCA.Aws.Tests.Support;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators.FakeKms;
using Xunit;

namespace ServerlessCA.Aws.Tests.Kms;

public sealed class KmsKeysContractTests : CaKeysContract, IAsyncLifetime
{
    private KmsServer kms = null!;
    private AwsSession session = null!;

    public async ValueTask InitializeAsync()
    {
        kms = await KmsServer.StartAsync();
        session = TestSession.At(kms.Address);
    }

    public async ValueTask DisposeAsync()
    {
        session.Dispose();
        await kms.DisposeAsync();
    }

    protected override Task<ICaKeys> OpenAsync(params (string Name, KeySpec Spec)[] keys)
    {
        foreach ((string name, KeySpec spec) in keys)
        {
            kms.CreateKey($"alias/{name}", KeySpecs.KmsName(spec));
        }

        return Task.FromResult<ICaKeys>(new KmsKeys(session.Kms()));
    }
}
