using Amazon.S3.Model;
using ServerlessCA.Aws.S3;
using ServerlessCA.Aws.Tests.Support;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using Xunit;

namespace ServerlessCA.Aws.Tests.S3;

public sealed class S3FilesTests(StorageFixture storage) : S3Tests(storage)
{
    [Theory]
    [InlineData(Crl, "application/pkix-crl", "public, max-age=60")]
    [InlineData("serverless-root-ca-dev.crl.pem", "application/x-pem-file", "public, max-age=60")]
    [InlineData("serverless-root-ca-dev.crt", "application/pkix-cert", "public, max-age=3600")]
    public async Task Objects_carry_type_and_caching(string key, string type, string caching)
    {
        await Published.PublishAsync(new PublishedFile(key, type, new byte[] { 1 }), expected: null, Cancellation);

        GetObjectMetadataResponse there = await S3.GetObjectMetadataAsync(Bucket, key, Cancellation);

        Assert.Equal((type, caching), (there.Headers.ContentType, there.Headers.CacheControl));
    }

    [Fact]
    public async Task A_very_large_file_is_read_as_it_is()
    {
        byte[] content = Some.Bytes(9 << 20);
        await PublishAsync(content, expected: null);

        StoredFile? found = await Published.ReadAsync(Crl, Cancellation);

        Assert.True(found!.Content.Span.SequenceEqual(content));
    }

    [Fact]
    public async Task A_part_of_a_larger_array_is_published_alone()
    {
        await Published.PublishAsync(new PublishedFile(Crl, "application/pkix-crl", Some.Bytes(10).AsMemory(2, 3)), expected: null, Cancellation);

        Assert.Equal([2, 3, 4], (await Published.ReadAsync(Crl, Cancellation))!.Content.ToArray());
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
    public async Task Without_permission_to_list_the_error_says_what_a_missing_file_looks_like()
    {
        Front.MayList = false;

        FilesUnavailableException error = await Assert.ThrowsAsync<FilesUnavailableException>(
            () => new S3InternalFiles(S3, Bucket).ReadAsync("tls.json", Cancellation));

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
            () => new S3InternalFiles(S3, Bucket, maxBytes: 10).ReadAsync(Crl, Cancellation));

        Assert.Contains("has 11 bytes, at most 10 are read", error.Message, StringComparison.Ordinal);
    }
}
