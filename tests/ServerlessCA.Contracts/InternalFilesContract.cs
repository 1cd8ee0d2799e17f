using System.Text;
using ServerlessCA.Core.Ports;
using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>Tests what every store of the operator's files does (<see cref="IInternalFiles"/>).</summary>
public abstract class InternalFilesContract
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Lists keys that would leave a store, were they taken for paths.</summary>
    public static TheoryData<string> KeysThatLeave =>
        new("", "/", "/etc/passwd", "..", "../secret", "csrs/../../secret", "csrs/..", ".", "./tls.json", "csrs//a", "a\0b", "csrs/");

    /// <summary>Opens a store that holds these files; each call adds to the test's own store.</summary>
    protected abstract Task<IInternalFiles> OpenAsync(params (string Key, byte[] Content)[] files);

    [Fact]
    public async Task Missing_files_are_null()
    {
        IInternalFiles files = await OpenAsync(("csrs/a.csr", [1]));

        Assert.Null(await files.ReadAsync("tls.json", Cancellation));
        Assert.Null(await files.ReadAsync("csrs/b.csr", Cancellation));
        Assert.Null(await files.ReadAsync("csrs/a.csr/b", Cancellation));
        Assert.Null(await files.ReadAsync("other/a.csr", Cancellation));
        Assert.Null(await files.ReadAsync(new string('x', 300), Cancellation));
        Assert.Null(await files.ReadAsync(string.Join('/', Enumerable.Repeat("long", 1_000)), Cancellation));
    }

    [Theory]
    [InlineData("tls.json")]
    [InlineData("csrs/server.csr")]
    [InlineData("csrs/two words, ünïcode & 鍵.csr")]
    public async Task Files_are_read_as_they_are(string key)
    {
        byte[] content = Some.Bytes(1_000_000);
        IInternalFiles files = await OpenAsync((key, content), ("revoked.json", []));

        StoredFile? found = await files.ReadAsync(key, Cancellation);
        StoredFile? empty = await files.ReadAsync("revoked.json", Cancellation);
        Assert.Equal(content, found?.Content.ToArray());
        Assert.Equal(0, empty?.Content.Length);
    }

    [Fact]
    public async Task The_version_changes_whenever_the_content_does()
    {
        StoredFile? first = await (await OpenAsync(("tls.json", "[1]"u8.ToArray()))).ReadAsync("tls.json", Cancellation);
        StoredFile? second = await (await OpenAsync(("tls.json", "[2]"u8.ToArray()))).ReadAsync("tls.json", Cancellation);
        StoredFile? again = await (await OpenAsync()).ReadAsync("tls.json", Cancellation);

        Assert.Equal("[2]", Encoding.UTF8.GetString(second!.Content.Span));
        Assert.NotEqual(first!.Version, second.Version);
        Assert.Equal(second.Version, again!.Version);
    }

    [Fact]
    public async Task A_file_that_is_known_is_recognised_by_its_version_and_a_newer_one_is_returned()
    {
        IInternalFiles files = await OpenAsync(("tls.json", "[1]"u8.ToArray()));
        string known = (await files.ReadAsync("tls.json", Cancellation))!.Version;

        StoredFile? same = await files.ReadNewerAsync("tls.json", known, Cancellation);
        StoredFile? missing = await files.ReadNewerAsync("revoked.json", known, Cancellation);
        files = await OpenAsync(("tls.json", "[2]"u8.ToArray()));
        StoredFile? newer = await files.ReadNewerAsync("tls.json", known, Cancellation);

        Assert.Equal(known, same?.Version);
        Assert.Null(missing);
        Assert.NotEqual(known, newer!.Version);
        Assert.Equal("[2]", Encoding.UTF8.GetString(newer.Content.Span));
    }

    [Theory]
    [MemberData(nameof(KeysThatLeave))]
    public async Task A_key_that_would_leave_the_store_is_null(string key)
    {
        IInternalFiles files = await OpenAsync(("tls.json", [1]));

        Assert.Null(await files.ReadAsync(key, Cancellation));
    }

    [Fact]
    public async Task The_location_says_where_for_messages() =>
        Assert.Matches("^(S3 bucket|folder) '.+'$", (await OpenAsync()).Location);
}
