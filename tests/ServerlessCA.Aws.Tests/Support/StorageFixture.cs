using System.Globalization;
using Amazon.S3;
using ServerlessCA.Emulators.Storage;
using Xunit;

namespace ServerlessCA.Aws.Tests.Support;

/// <summary>Runs one storage emulator for a class of tests; each test uses names of its own.</summary>
public sealed class StorageFixture : IAsyncLifetime
{
    private int names;

    internal StorageServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = NodeInstalled ? await StorageServer.StartAsync() : null!;

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }

    /// <summary>Returns a name that no other test of the class has.</summary>
    internal string NewName(string prefix) => prefix + Interlocked.Increment(ref names).ToString(CultureInfo.InvariantCulture);

    internal async Task<string> NewBucketAsync(CancellationToken cancellation)
    {
        using AwsSession session = TestSession.At(Server.S3.Address);
        string bucket = NewName("bucket-");
        using IAmazonS3 s3 = session.S3();
        await s3.PutBucketAsync(bucket, cancellation);
        return bucket;
    }

    private static bool NodeInstalled => Emulators.NodeProgram.IsInstalled;
}
