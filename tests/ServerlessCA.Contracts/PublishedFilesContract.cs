using ServerlessCA.Core.Ports;
using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>Tests what every store of published files does (<see cref="IPublishedFiles"/>).</summary>
public abstract class PublishedFilesContract
{
    private const string Key = "serverless-root-ca-dev.crl";

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Lists keys that would leave a store, were they taken for paths.</summary>
    public static TheoryData<string> KeysThatLeave => new("", "/", "/tmp/x.crl", "..", "../x.crl", "a/../../x.crl", "./x.crl", "a//b");

    /// <summary>Opens the test's own store, empty at first. Each call opens it anew, as another process would.</summary>
    protected abstract Task<IPublishedFiles> OpenAsync();

    [Fact]
    public async Task A_published_file_is_read_by_everybody()
    {
        byte[] content = Some.Bytes(1_000_000);
        Assert.True(await (await OpenAsync()).PublishAsync(File(content), expected: null, Cancellation));

        StoredFile? found = await (await OpenAsync()).ReadAsync(Key, Cancellation);

        Assert.Equal(content, found?.Content.ToArray());
        Assert.Null(await (await OpenAsync()).ReadAsync("other.crl", Cancellation));
    }

    [Fact]
    public async Task A_file_is_replaced_only_in_the_version_that_was_read()
    {
        IPublishedFiles files = await OpenAsync();
        await files.PublishAsync(File([1]), expected: null, Cancellation);
        string first = (await files.ReadAsync(Key, Cancellation))!.Version;

        Assert.True(await files.PublishAsync(File([2]), first, Cancellation));
        Assert.False(await files.PublishAsync(File([3]), first, Cancellation));
        Assert.False(await files.PublishAsync(File([3]), expected: null, Cancellation));

        StoredFile second = (await files.ReadAsync(Key, Cancellation))!;
        Assert.Equal([2], second.Content.ToArray());
        Assert.NotEqual(first, second.Version);
    }

    [Fact]
    public async Task A_version_of_a_file_that_is_not_there_does_not_count()
    {
        IPublishedFiles files = await OpenAsync();
        await files.PublishAsync(File([1]), expected: null, Cancellation);
        string version = (await files.ReadAsync(Key, Cancellation))!.Version;

        Assert.False(await files.PublishAsync(File([2]) with { Key = "other.crl" }, version, Cancellation));

        Assert.Null(await files.ReadAsync("other.crl", Cancellation));
    }

    [Fact]
    public async Task Any_version_replaces_whatever_is_there()
    {
        IPublishedFiles files = await OpenAsync();

        Assert.True(await files.PublishAsync(File([1]), IPublishedFiles.AnyVersion, Cancellation));
        Assert.True(await files.PublishAsync(File([]), IPublishedFiles.AnyVersion, Cancellation));

        Assert.Equal(0, (await files.ReadAsync(Key, Cancellation))?.Content.Length);
    }

    [Fact]
    public async Task Of_concurrent_publications_over_one_version_exactly_one_wins()
    {
        IPublishedFiles[] stores = [await OpenAsync(), await OpenAsync()];
        await stores[0].PublishAsync(File([0]), expected: null, Cancellation);
        string version = (await stores[0].ReadAsync(Key, Cancellation))!.Version;

        bool[] won = await Task.WhenAll(Enumerable.Range(1, 10).Select(index => Task.Run(
            () => stores[index % 2].PublishAsync(File([(byte)index]), version, Cancellation), Cancellation)));

        int winner = Array.IndexOf(won, true) + 1;
        Assert.Single(won, one => one);
        StoredFile found = (await stores[0].ReadAsync(Key, Cancellation))!;
        Assert.Equal([(byte)winner], found.Content.ToArray());
    }

    [Fact]
    public async Task Readers_see_whole_files_while_they_are_replaced()
    {
        IPublishedFiles writer = await OpenAsync();
        IPublishedFiles reader = await OpenAsync();
        await writer.PublishAsync(File(Filled(0)), IPublishedFiles.AnyVersion, Cancellation);

        Task writing = Task.Run(
            async () =>
            {
                for (byte fill = 1; fill <= 20; fill++)
                {
                    await writer.PublishAsync(File(Filled(fill)), IPublishedFiles.AnyVersion, Cancellation);
                }
            },
            Cancellation);
        do
        {
            byte[] content = (await reader.ReadAsync(Key, Cancellation))!.Content.ToArray();
            Assert.Equal(Filled(content[0]), content);
        }
        while (!writing.IsCompleted);

        await writing;
    }

    [Theory]
    [MemberData(nameof(KeysThatLeave))]
    public async Task A_key_that_would_leave_the_store_is_neither_published_nor_read(string key)
    {
        IPublishedFiles files = await OpenAsync();

        await Assert.ThrowsAsync<FilesUnavailableException>(
            () => files.PublishAsync(File([1]) with { Key = key }, IPublishedFiles.AnyVersion, Cancellation));

        Assert.Null(await files.ReadAsync(key, Cancellation));
    }

    // Each content another length: a reader of a half-written file would notice that, too.
    private static byte[] Filled(byte fill)
    {
        byte[] content = new byte[200_000 + fill];
        Array.Fill(content, fill);
        return content;
    }

    private static PublishedFile File(byte[] content) => new(Key, "application/pkix-crl", content);
}
