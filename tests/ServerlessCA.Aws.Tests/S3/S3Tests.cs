using Amazon.S3;
using ServerlessCA.Aws.S3;
using ServerlessCA.Aws.Tests.Support;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators;
using ServerlessCA.Emulators.Storage;
using Xunit;

namespace ServerlessCA.Aws.Tests.S3;

/// <summary>Gives each test a bucket, a front and faults of its own.</summary>
public abstract class S3Tests(StorageFixture storage) : IClassFixture<StorageFixture>, IAsyncLifetime
{
    protected const string Crl = "serverless-root-ca-dev.crl";

    private S3Front? front;
    private AwsSession? session;

    private protected Faults Faults { get; } = new();

    private protected string Bucket { get; private set; } = "";

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected S3Front Front => front!;

    private protected IAmazonS3 S3 => session!.S3();

    private protected S3PublishedFiles Published => new(S3, Bucket);

    public async ValueTask InitializeAsync()
    {
        NodeProgram.SkipUnlessInstalled();
        front = await S3Front.StartAsync(storage.Server.Address);
        session = TestSession.At(Front.Address, Faults.Transport);
        Bucket = await storage.NewBucketAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        session?.Dispose();
        if (front is not null)
        {
            await front.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Publishes over any version, and reads the new one.</summary>
    private protected async Task<string> VersionOfAsync(byte[] content)
    {
        await PublishAsync(content, IPublishedFiles.AnyVersion);
        return (await Published.ReadAsync(Crl, Cancellation))!.Version;
    }

    private protected Task<bool> PublishAsync(byte[] content, string? expected) =>
        Published.PublishAsync(new PublishedFile(Crl, "application/pkix-crl", content), expected, Cancellation);
}
