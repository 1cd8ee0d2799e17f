using ServerlessCA.Aws.S3;
using ServerlessCA.Aws.Tests.Support;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.S3;

/// <summary>Runs the port's contract with real versions: <see cref="Emulators.Storage.S3Front"/> does the conditional writes
/// that the emulator ignores.</summary>
public sealed class S3PublishedFilesContractTests(StorageFixture storage) : PublishedFilesContract, IClassFixture<StorageFixture>, IDisposable
{
    private AwsSession? session;
    private string? bucket;

    public void Dispose() => session?.Dispose();

    protected override async Task<IPublishedFiles> OpenAsync()
    {
        NodeProgram.SkipUnlessInstalled();
        bucket ??= await storage.NewBucketAsync(Cancellation);
        session ??= TestSession.At(storage.Server.S3.Address);
        return new S3PublishedFiles(session.S3(), bucket);
    }
}
