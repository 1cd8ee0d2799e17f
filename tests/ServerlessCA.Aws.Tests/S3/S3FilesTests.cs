using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using ServerlessCA.Aws.S3;
using ServerlessCA.Aws.Tests.Support;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators;
using ServerlessCA.Emulators.Storage;
using Xunit;

namespace ServerlessCA.Aws.Tests.S3;

public sealed class S3FilesTests(StorageFixture storage) : IClassFixture<StorageFixture>, IAsyncLifetime
{
    private const string Crl = "serverless-root-ca-dev.crl";
    private const string SlowDown = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";

    private readonly Faults faults = new();
    private S3Front? front;
    private AwsSession? session;
    private string bucket = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private S3Front Front => front!;

    private IAmazonS3 S3 => session!.S3();

    private S3PublishedFiles Published => new(S3, bucket);

    public async ValueTask InitializeAsync()
    {
        NodeProgram.SkipUnlessInstalled();
        front = await S3Front.StartAsync(storage.Server.Address);
        session = TestSession.At(Front.Address, faults.Transport);
        bucket = await storage.NewBucketAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        session?.Dispose();
        if (front is not null)
        {
            await front.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(Crl, "application/pkix-crl", "public, max-age=300")]
    [InlineData("serverless-root-ca-dev.crl.pem", "application/x-pem-file", "public, max-age=300")]
    [InlineData("serverless-root-ca-dev.crt", "application/pkix-cert", "public, max-age=3600")]
    public async Task Objects_carry_type_and_caching(string key, string type, string caching)
    {
        await Published.PublishAsync(new PublishedFile(key, type, new byte[] { 1 }), expected: null, Cancellation);

        GetObjectMetadataResponse there = await S3.GetObjectMetadataAsync(bucket, key, Cancellation);

        Assert.Equal((type, caching), (there.Headers.ContentType, there.Headers.CacheControl));
    }

    [Fact]
    public async Task A_part_of_a_larger_array_is_published_alone()
    {
        await Published.PublishAsync(new PublishedFile(Crl, "application/pkix-crl", Some.Bytes(10).AsMemory(2, 3)), expected: null, Cancellation);

        Assert.Equal([2, 3, 4], (await Published.ReadAsync(Crl, Cancellation))!.Content.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_whose_answer_was_lost_counts_as_done(bool isFirst)
    {
        string? expected = isFirst ? null : await VersionOfAsync([0]);
        faults.LoseAnswer();

        Assert.True(await PublishAsync([1], expected));

        Assert.Equal([1], (await Published.ReadAsync(Crl, Cancellation))!.Content.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_that_was_lost_is_made_again(bool isFirst)
    {
        string? expected = isFirst ? null : await VersionOfAsync([0]);
        faults.Lose();

        Assert.True(await PublishAsync([1], expected));

        Assert.Equal([1], (await Published.ReadAsync(Crl, Cancellation))!.Content.ToArray());
    }

    [Fact]
    public async Task A_throttled_write_is_made_again()
    {
        faults.Answer(HttpStatusCode.ServiceUnavailable, SlowDown);

        Assert.True(await PublishAsync([1], expected: null));

        Assert.Equal(2, faults.Attempts);
    }

    [Fact]
    public async Task A_lost_answer_over_another_version_is_still_another_version()
    {
        string first = await VersionOfAsync([0]);
        await PublishAsync([7], IPublishedFiles.AnyVersion);
        faults.LoseAnswer();

        Assert.False(await PublishAsync([1], first));

        Assert.Equal([7], (await Published.ReadAsync(Crl, Cancellation))!.Content.ToArray());
    }

    [Fact]
    public async Task A_write_under_way_counts_as_another_version()
    {
        string version = await VersionOfAsync([0]);
        Front.ConflictNext();

        Assert.False(await PublishAsync([1], version));
        Assert.True(await PublishAsync([1], version));
    }

    [Fact]
    public async Task The_same_content_written_again_is_another_version()
    {
        string first = await VersionOfAsync([5]);
        string second = await VersionOfAsync([5]);

        Assert.NotEqual(first, second);
        Assert.False(await PublishAsync([6], first));
        Assert.True(await PublishAsync([6], second));
    }

    [Fact]
    public async Task A_read_is_made_again_when_it_was_lost_either_way()
    {
        await PublishAsync([1], expected: null);
        faults.Lose().LoseAnswer().Answer(HttpStatusCode.ServiceUnavailable, SlowDown);

        Assert.Equal([1], (await Published.ReadAsync(Crl, Cancellation))!.Content.ToArray());
    }

    [Fact]
    public async Task A_damaged_content_is_noticed()
    {
        await PublishAsync(Some.Bytes(100_000), expected: null);
        Front.Damages = true;

        FilesUnavailableException error = await Assert.ThrowsAsync<FilesUnavailableException>(() => Published.ReadAsync(Crl, Cancellation));

        Assert.Contains("hash", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_pass_is_unavailable_and_named()
    {
        faults.Lose(TestSession.Patience.Attempts * 2);

        FilesUnavailableException reading = await Assert.ThrowsAsync<FilesUnavailableException>(
            () => new S3InternalFiles(S3, bucket).ReadAsync("tls.json", Cancellation));
        FilesUnavailableException writing = await Assert.ThrowsAsync<FilesUnavailableException>(() => PublishAsync([1], expected: null));

        Assert.StartsWith($"'tls.json' could not be read from S3 bucket '{bucket}': ", reading.Message, StringComparison.Ordinal);
        Assert.StartsWith($"'{Crl}' could not be published in S3 bucket '{bucket}': ", writing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_permission_to_list_the_error_says_what_a_missing_file_looks_like()
    {
        Front.MayList = false;

        FilesUnavailableException error = await Assert.ThrowsAsync<FilesUnavailableException>(
            () => new S3InternalFiles(S3, bucket).ReadAsync("tls.json", Cancellation));

        Assert.Contains("s3:ListBucket", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_no_empty_bucket()
    {
        FilesUnavailableException error = await Assert.ThrowsAsync<FilesUnavailableException>(
            () => new S3InternalFiles(S3, "no-such-bucket").ReadAsync("tls.json", Cancellation));

        Assert.Contains("there is no such bucket", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Larger_files_than_allowed_are_not_read()
    {
        await PublishAsync(Some.Bytes(11), expected: null);

        FilesUnavailableException error = await Assert.ThrowsAsync<FilesUnavailableException>(
            () => new S3InternalFiles(S3, bucket, maxBytes: 10).ReadAsync(Crl, Cancellation));

        Assert.Contains("has 11 bytes, at most 10 are read", error.Message, StringComparison.Ordinal);
    }

    private async Task<string> VersionOfAsync(byte[] content)
    {
        await PublishAsync(content, IPublishedFiles.AnyVersion);
        return (await Published.ReadAsync(Crl, Cancellation))!.Version;
    }

    private Task<bool> PublishAsync(byte[] content, string? expected) =>
        Published.PublishAsync(new PublishedFile(Crl, "application/pkix-crl", content), expected, Cancellation);
}
