using Amazon.S3;
using Amazon.S3.Model;
using ServerlessCA.Aws.S3;
using ServerlessCA.Aws.Tests.Support;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.S3;

public sealed class S3InternalFilesContractTests(StorageFixture storage) : InternalFilesContract, IClassFixture<StorageFixture>, IDisposable
{
    private AwsSession? session;
    private string? bucket;

    public void Dispose() => session?.Dispose();

    [Fact]
    public async Task A_file_that_is_known_is_not_downloaded()
    {
        IInternalFiles files = await OpenAsync(("tls.json", "[1]"u8.ToArray()));
        StoredFile? known = await files.ReadAsync("tls.json", Cancellation);

        StoredFile? same = await files.ReadNewerAsync("tls.json", known!.Version, Cancellation);

        Assert.Equal((3, 0), (known.Content.Length, same!.Content.Length));
    }

    protected override async Task<IInternalFiles> OpenAsync(params (string Key, byte[] Content)[] files)
    {
        NodeProgram.SkipUnlessInstalled();
        bucket ??= await storage.NewBucketAsync(Cancellation);
        session ??= TestSession.At(storage.Server.S3.Address);
        IAmazonS3 s3 = session.S3();
        foreach ((string key, byte[] content) in files)
        {
            await s3.PutObjectAsync(
                new PutObjectRequest { BucketName = bucket, Key = key, InputStream = new MemoryStream(content) }, Cancellation);
        }

        return new S3InternalFiles(s3, bucket);
    }
}
