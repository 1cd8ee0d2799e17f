using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;
using Xunit;

namespace ServerlessCA.Local.Tests.Files;

public sealed class FolderInternalFilesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FolderInternalFiles files;

    public FolderInternalFilesTests()
    {
        Directory.CreateDirectory(folder.At("internal", "csrs"));
        File.WriteAllText(folder.At("internal", "csrs", "a.csr"), "inside");
        File.WriteAllText(folder.At("secret"), "outside");
        files = new FolderInternalFiles(folder.At("internal"));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(".hidden")]
    [InlineData("csrs/.hidden")]
    [InlineData("csrs\\a.csr")]
    [InlineData("C:a.csr")]
    [InlineData("con")]
    [InlineData("NUL.txt")]
    [InlineData("csrs/COM1.csr")]
    [InlineData("a.csr.")]
    [InlineData("a.csr ")]
    [InlineData("a\nb")]
    [InlineData("a*b")]
    public async Task Names_with_a_meaning_of_their_own_are_null(string key)
    {
        if (!OperatingSystem.IsWindows())
        {
            string path = folder.At("internal", key);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, "there, and yet not", Cancellation);
        }

        Assert.Null(await files.ReadAsync(key, Cancellation));
    }

    [Fact]
    public async Task A_lone_surrogate_is_null() => Assert.Null(await files.ReadAsync("a\ud800b", Cancellation));

    [Fact]
    public async Task Links_that_lead_outside_or_nowhere_are_no_missing_files()
    {
        Directory.CreateDirectory(folder.At("outside"));
        await File.WriteAllTextAsync(folder.At("outside", "b.csr"), "outside", Cancellation);
        File.CreateSymbolicLink(folder.At("internal", "tls.json"), folder.At("secret"));
        File.CreateSymbolicLink(folder.At("internal", "revoked.json"), "../secret");
        File.CreateSymbolicLink(folder.At("internal", "revoked-root-ca.json"), "gone.json");
        Directory.CreateSymbolicLink(folder.At("internal", "elsewhere"), "../outside");
        File.CreateSymbolicLink(folder.At("internal", "twice.json"), "tls.json");

        foreach (string key in (string[])["tls.json", "revoked.json", "revoked-root-ca.json", "elsewhere/b.csr", "elsewhere/none.csr", "twice.json"])
        {
            FilesUnavailableException error = await Assert.ThrowsAsync<FilesUnavailableException>(() => files.ReadAsync(key, Cancellation));

            Assert.Equal(
                $"'{folder.At(["internal", .. key.Split('/')])}' cannot be read: it is a link that leads out of the folder or to no file. Put the file itself there.",
                error.Message);
            Assert.True(error.IsUnfit);
        }
    }

    [Fact]
    public async Task Links_that_stay_inside_are_followed_as_a_mounted_Kubernetes_volume_has_them()
    {
        Directory.CreateDirectory(folder.At("internal", "..2030_01_01"));
        await File.WriteAllTextAsync(folder.At("internal", "..2030_01_01", "tls.json"), "[]", Cancellation);
        Directory.CreateSymbolicLink(folder.At("internal", "..data"), "..2030_01_01");
        File.CreateSymbolicLink(folder.At("internal", "tls.json"), "..data/tls.json");
        Directory.CreateSymbolicLink(folder.At("mounted"), folder.At("internal"));

        Assert.Equal("[]"u8.ToArray(), (await files.ReadAsync("tls.json", Cancellation))!.Content.ToArray());
        var mounted = new FolderInternalFiles(folder.At("mounted"));
        Assert.Equal("[]"u8.ToArray(), (await mounted.ReadAsync("tls.json", Cancellation))!.Content.ToArray());
    }

    [Fact]
    public async Task Links_in_a_circle_are_reported()
    {
        File.CreateSymbolicLink(folder.At("internal", "tls.json"), "revoked.json");
        File.CreateSymbolicLink(folder.At("internal", "revoked.json"), "tls.json");

        FilesUnavailableException error = await Assert.ThrowsAsync<FilesUnavailableException>(
            () => files.ReadAsync("tls.json", Cancellation));

        Assert.Contains(folder.At("internal", "tls.json"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_not_an_empty_one()
    {
        var mistyped = new FolderInternalFiles(folder.At("intrenal"));

        FilesUnavailableException error = await Assert.ThrowsAsync<FilesUnavailableException>(
            () => mistyped.ReadAsync("revoked.json", Cancellation));

        Assert.Contains($"no folder '{folder.At("intrenal")}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_over_the_limit_is_reported_with_both_sizes()
    {
        using (FileStream large = File.Create(folder.At("internal", "tls.json")))
        {
            large.SetLength(IInternalFiles.DefaultMaxBytes + 1);
        }

        FilesUnavailableException error = await Assert.ThrowsAsync<FilesUnavailableException>(
            () => files.ReadAsync("tls.json", Cancellation));

        Assert.Contains("has 67108865 bytes; at most 64 MiB are read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_location_is_the_folder_as_it_was_given() =>
        Assert.Equal("folder 'certs/dev'", new FolderInternalFiles("certs/dev").Location);
}

public sealed class FolderInternalFilesContractTests : InternalFilesContract, IDisposable
{
    private readonly TemporaryFolder folder = new();

    protected override async Task<IInternalFiles> OpenAsync(params (string Key, byte[] Content)[] files)
    {
        foreach ((string key, byte[] content) in files)
        {
            string path = folder.At(key.Split('/'));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, content, Cancellation);
        }

        return new FolderInternalFiles(folder.Path);
    }

    public void Dispose() => folder.Dispose();
}
