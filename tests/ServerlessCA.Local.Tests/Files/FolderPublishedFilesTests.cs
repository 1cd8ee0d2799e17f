using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;
using ServerlessCA.Local.Tests.Processes;
using Xunit;

namespace ServerlessCA.Local.Tests.Files;

public sealed class FolderPublishedFilesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    private readonly FolderPublishedFiles files;

    public FolderPublishedFilesTests() => files = new FolderPublishedFiles(folder.At("external"), clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_folder_holds_the_files_and_the_lock_and_nothing_else()
    {
        await PublishAsync("a.crl");
        await PublishAsync("b/c.crl");
        await PublishAsync("a.crl");

        Assert.Equal(
            [".lock", "a.crl", "b", "b/c.crl"],
            Directory.GetFileSystemEntries(folder.At("external"), "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(folder.At("external"), path).Replace('\\', '/')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Published_files_are_for_the_world()
    {
        await PublishAsync("a.crl");

        Assert.Equal("644", Modes.Of(folder.At("external", "a.crl")));
        Assert.Equal("755", Modes.Of(folder.At("external")));
        Assert.Equal("600", Modes.Of(folder.At("external", ".lock")));
    }

    [Fact]
    public async Task Old_leftovers_of_killed_processes_are_deleted_and_young_ones_stay()
    {
        await PublishAsync("a.crl");
        await File.WriteAllTextAsync(folder.At("external", ".abc.tmp"), "half a fi", Cancellation);
        await File.WriteAllTextAsync(folder.At("external", "mine.tmp"), "not ours", Cancellation);

        await PublishAsync("a.crl");
        Assert.True(File.Exists(folder.At("external", ".abc.tmp")));

        clock.Advance(TimeSpan.FromHours(2));
        await PublishAsync("a.crl");
        Assert.False(File.Exists(folder.At("external", ".abc.tmp")));
        Assert.True(File.Exists(folder.At("external", "mine.tmp")));
        Assert.Null(await files.ReadAsync(".lock", Cancellation));
    }

    [Fact]
    public async Task A_link_that_leads_outside_is_not_published_through()
    {
        Directory.CreateDirectory(folder.At("outside"));
        Directory.CreateDirectory(folder.At("external"));
        Directory.CreateSymbolicLink(folder.At("external", "sub"), "../outside");
        File.CreateSymbolicLink(folder.At("external", "a.crl"), "../outside/a.crl");

        await Assert.ThrowsAsync<FilesUnavailableException>(() => PublishAsync("sub/a.crl"));
        await Assert.ThrowsAsync<FilesUnavailableException>(() => PublishAsync("a.crl"));

        Assert.Empty(Directory.GetFileSystemEntries(folder.At("outside")));
    }

    [Fact]
    public async Task A_file_in_place_of_a_folder_is_reported()
    {
        await PublishAsync("a");

        FilesUnavailableException below = await Assert.ThrowsAsync<FilesUnavailableException>(() => PublishAsync("a/b"));
        await File.WriteAllTextAsync(folder.At("plain"), "", Cancellation);
        var wrong = new FolderPublishedFiles(folder.At("plain"), clock);
        await Assert.ThrowsAsync<FilesUnavailableException>(() => wrong.PublishAsync(
            new PublishedFile("a", "text/plain", new byte[1]), IPublishedFiles.AnyVersion, Cancellation));

        Assert.Contains("'a/b' cannot be published", below.Message, StringComparison.Ordinal);
        Assert.Null(await wrong.ReadAsync("a", Cancellation));
    }

    [Fact]
    public async Task A_file_over_the_limit_is_neither_published_nor_read()
    {
        var small = new FolderPublishedFiles(folder.At("external"), clock, maxBytes: 10);
        await PublishAsync("a.crl", 11);

        await Assert.ThrowsAsync<FilesUnavailableException>(() => small.PublishAsync(
            new PublishedFile("b.crl", "application/pkix-crl", new byte[11]), expected: null, Cancellation));
        await Assert.ThrowsAsync<FilesUnavailableException>(() => small.ReadAsync("a.crl", Cancellation));

        Assert.False(File.Exists(folder.At("external", "b.crl")));
    }

    [Fact]
    public async Task A_new_file_is_flushed_before_it_is_renamed_and_its_folder_after()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "Needs strace.");
        await ForeignProgram.OutputAsync(
            "strace", "-f", "-qq", "-e", "trace=fsync,rename,renameat2", "-o", folder.At("calls"),
            ChildProcess.Command("count-up", folder.At("external"), "1")[0], "--child", "count-up", folder.At("external"), "1");

        string[] calls = [.. (await File.ReadAllLinesAsync(folder.At("calls"), Cancellation))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Split('(')[0])
            .Where(call => call is "fsync" or "rename" or "renameat2")];

        // The first flush is that of the parent, since "external" is new.
        Assert.Equal(["fsync", "fsync", "rename", "fsync"], calls.Select(call => call.Replace("at2", "", StringComparison.Ordinal)));
    }

    private async Task PublishAsync(string key, int length = 1) => Assert.True(await files.PublishAsync(
        new PublishedFile(key, "application/pkix-crl", new byte[length]), IPublishedFiles.AnyVersion, Cancellation));
}

public sealed class FolderPublishedFilesContractTests : PublishedFilesContract, IDisposable
{
    private readonly TemporaryFolder folder = new();

    protected override Task<IPublishedFiles> OpenAsync() =>
        Task.FromResult<IPublishedFiles>(new FolderPublishedFiles(folder.At("external"), TimeProvider.System));

    public void Dispose() => folder.Dispose();
}
