using ServerlessCA.Aws.Http;
using Xunit;

namespace ServerlessCA.Aws.Tests.Support;

/// <summary>A service that answers what the test says, and a session that calls it.</summary>
public abstract class StubFixture : IAsyncLifetime
{
    private protected Faults Faults { get; } = new();

    private protected ServiceStub Stub { get; private set; } = null!;

    private protected AwsSession Session { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Stub = await ServiceStub.StartAsync();
        Session = TestSession.At(Stub.Address, Faults.Transport);
    }

    public async ValueTask DisposeAsync()
    {
        Session.Dispose();
        await Stub.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected SignedHttp Http(AwsService service) => Session.Http(service);
}
