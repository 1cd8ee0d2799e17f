using ServerlessCA.Emulators.FakeKms;
using Xunit;

namespace ServerlessCA.Aws.Tests.Support;

/// <summary>Gives each test a KMS and a client of its own.</summary>
public abstract class KmsFixture : IAsyncLifetime
{
    private protected Faults Faults { get; } = new();

    private protected KmsServer Kms { get; private set; } = null!;

    private protected AwsSession Session { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Kms = await KmsServer.StartAsync();
        Session = TestSession.At(Kms.Address, Faults.Transport);
    }

    public async ValueTask DisposeAsync()
    {
        Session.Dispose();
        await Kms.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
