using System.Net;
using ServerlessCA.Aws.S3;
using ServerlessCA.Aws.Tests.Support;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using Xunit;

namespace ServerlessCA.Aws.Tests.S3;

public sealed class S3FaultTests(StorageFixture storage) : S3Tests(storage)
{
    private const string SlowDown = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_whose_answer_was_lost_counts_as_done(bool isFirst)
    {
        string? expected = isFirst ? null : await VersionOfAsync([0]);
        Faults.LoseAnswer();

        Assert.True(await PublishAsync([1], expected));

        Assert.Equal([1], (await Published.ReadAsync(Crl, Cancellation))!.Content.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_that_was_lost_is_made_again(bool isFirst)
    {
        string? expected = isFirst ? null : await VersionOfAsync([0]);
        Faults.Lose();

        Assert.True(await PublishAsync([1], expected));

        Assert.Equal([1], (await Published.ReadAsync(Crl, Cancellation))!.Content.ToArray());
    }

    [Fact]
    public async Task Not_found_of_somebody_on_the_way_is_no_missing_file()
    {
        Faults.Answer(HttpStatusCode.NotFound, "<html>no such page</html>");

        await Assert.ThrowsAsync<FilesUnavailableException>(() => new S3InternalFiles(S3, Bucket).ReadAsync("revoked.json", Cancellation));
    }

    [Fact]
    public async Task A_throttled_write_is_made_again()
    {
        Faults.Answer(HttpStatusCode.ServiceUnavailable, SlowDown);

        Assert.True(await PublishAsync([1], expected: null));

        Assert.Equal(2, Faults.Attempts);
    }

    [Fact]
    public async Task A_lost_answer_over_another_version_is_still_another_version()
    {
        string first = await VersionOfAsync([0]);
        await PublishAsync([7], IPublishedFiles.AnyVersion);
        Faults.LoseAnswer();

        Assert.False(await PublishAsync([1], first));

        Assert.Equal([7], (await Published.ReadAsync(Crl, Cancellation))!.Content.ToArray());
    }

    [Fact]
    public async Task A_read_is_made_again_when_it_was_lost_either_way()
    {
        await PublishAsync([1], expected: null);
        Faults.Lose().BreakOff().Answer(HttpStatusCode.ServiceUnavailable, SlowDown);

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
        Faults.Lose(TestSession.Retry.Attempts * 2);

        FilesUnavailableException reading = await Assert.ThrowsAsync<FilesUnavailableException>(
            () => new S3InternalFiles(S3, Bucket).ReadAsync("tls.json", Cancellation));
        FilesUnavailableException writing = await Assert.ThrowsAsync<FilesUnavailableException>(() => PublishAsync([1], expected: null));

        Assert.StartsWith($"'tls.json' could not be read from S3 bucket '{Bucket}': ", reading.Message, StringComparison.Ordinal);
        Assert.StartsWith($"'{Crl}' could not be published in S3 bucket '{Bucket}': ", writing.Message, StringComparison.Ordinal);
    }
}
