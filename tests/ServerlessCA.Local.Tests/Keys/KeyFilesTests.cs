using ServerlessCA.Contracts;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Keys;
using ServerlessCA.Local.Tests.Processes;
using Xunit;

namespace ServerlessCA.Local.Tests.Keys;

public sealed class KeyFilesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly KeyFiles keys;

    public KeyFilesTests() => keys = new KeyFiles(folder.At("keys"), passphrase: null, TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string RootFile => folder.At("keys", "root.key.pem");

    public void Dispose()
    {
        keys.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Keys_are_the_owners_alone_from_the_start_whatever_the_umask()
    {
        await ChildProcess.RunWithOpenUmaskAsync("create-key", folder.At("keys"), "root");

        Assert.Equal("600", Modes.Of(RootFile));
        Assert.Equal("700", Modes.Of(folder.At("keys")));
        Assert.NotNull(await keys.FindAsync("root", Cancellation));
    }

    [Theory]
    [InlineData("0640")]
    [InlineData("0604")]
    [InlineData("0620")]
    [InlineData("0666")]
    public async Task A_key_file_open_to_others_is_refused_with_what_to_do(string mode)
    {
        await keys.CreateAsync("root", KeySpec.EccNistP256, Cancellation);
        Modes.Set(RootFile, mode);

        string message = await ExpectUnavailableAsync();

        Assert.Contains($"(mode {mode}). Run: chmod 600 '{RootFile}'", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0710")]
    [InlineData("0755")]
    public async Task A_key_folder_open_to_others_is_refused_with_what_to_do(string mode)
    {
        await keys.CreateAsync("root", KeySpec.EccNistP256, Cancellation);
        Modes.Set(folder.At("keys"), mode);

        string message = await ExpectUnavailableAsync();
        await Assert.ThrowsAsync<CaKeyUnavailableException>(() => keys.CreateAsync("new", KeySpec.EccNistP256, Cancellation));

        Assert.Contains($"(mode {mode}). Run: chmod 700 '{folder.At("keys")}'", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_only_its_owner_may_read_will_do()
    {
        await keys.CreateAsync("root", KeySpec.EccNistP256, Cancellation);
        Modes.Set(RootFile, "0400");
        Modes.Set(folder.At("keys"), "0500");

        Assert.NotNull(await keys.FindAsync("root", Cancellation));
        Modes.Set(folder.At("keys"), "0700");
    }

    [Fact]
    public async Task A_folder_that_may_not_be_entered_does_not_look_like_one_without_keys()
    {
        await keys.CreateAsync("root", KeySpec.EccNistP256, Cancellation);
        Modes.Set(folder.Path, "0755");
        Modes.Set(folder.At("keys"), "0600");

        string[] lines = await ChildProcess.RunUnprivilegedAsync("find-key", folder.At("keys"), "root");

        Modes.Set(folder.At("keys"), "0700");
        Assert.StartsWith($"Key file '{RootFile}' cannot be read", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_are_refused()
    {
        await keys.CreateAsync("real", KeySpec.EccNistP256, Cancellation);
        File.CreateSymbolicLink(RootFile, "real.key.pem");
        Assert.Contains("is a symbolic link", await ExpectUnavailableAsync(), StringComparison.Ordinal);

        File.Delete(RootFile);
        Directory.CreateSymbolicLink(folder.At("linked"), folder.At("keys"));
        using var linked = new KeyFiles(folder.At("linked"), passphrase: null, TimeProvider.System);
        await Assert.ThrowsAsync<CaKeyUnavailableException>(() => linked.FindAsync("real", Cancellation));
    }

    [Fact]
    public async Task A_link_to_nowhere_is_neither_absent_nor_replaced()
    {
        await keys.CreateAsync("real", KeySpec.EccNistP256, Cancellation);
        File.CreateSymbolicLink(RootFile, folder.At("nowhere"));

        Assert.False(await keys.CreateAsync("root", KeySpec.EccNistP256, Cancellation));

        Assert.Equal(folder.At("nowhere"), new FileInfo(RootFile).LinkTarget);
        Assert.False(File.Exists(folder.At("nowhere")));
        await ExpectUnavailableAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAl\n-----END PRIVATE KEY-----\n")]
    public async Task What_is_there_is_never_replaced_even_if_it_is_no_key(string content)
    {
        await keys.CreateAsync("other", KeySpec.EccNistP256, Cancellation);
        await File.WriteAllTextAsync(RootFile, content, Cancellation);
        Modes.Set(RootFile, "0600");

        Assert.False(await keys.CreateAsync("root", KeySpec.EccNistP256, Cancellation));

        Assert.Equal(content, await File.ReadAllTextAsync(RootFile, Cancellation));
        string message = await ExpectUnavailableAsync();
        Assert.Contains(RootFile, message, StringComparison.Ordinal);
        Assert.Contains("damaged", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_creation_leaves_the_key_even_if_it_asks_for_another_kind()
    {
        Assert.True(await keys.CreateAsync("root", KeySpec.EccNistP256, Cancellation));
        byte[] before = await File.ReadAllBytesAsync(RootFile, Cancellation);

        Assert.False(await keys.CreateAsync("root", KeySpec.Rsa2048, Cancellation));

        Assert.Equal(before, await File.ReadAllBytesAsync(RootFile, Cancellation));
        Assert.Equal(KeySpec.EccNistP256, (await keys.FindAsync("root", Cancellation))!.Spec);
    }

    [Fact]
    public async Task A_key_is_opened_once_and_again_when_its_file_changes()
    {
        await keys.CreateAsync("root", KeySpec.EccNistP256, Cancellation);
        ICaKey? first = await keys.FindAsync("root", Cancellation);
        Assert.Same(first, await keys.FindAsync("root", Cancellation));

        await keys.CreateAsync("other", KeySpec.EccNistP384, Cancellation);
        File.Move(folder.At("keys", "other.key.pem"), RootFile, overwrite: true);

        Assert.Equal(KeySpec.EccNistP384, (await keys.FindAsync("root", Cancellation))!.Spec);
        File.Delete(RootFile);
        Assert.Null(await keys.FindAsync("root", Cancellation));
    }

    [Theory]
    [InlineData("../root")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("a\0b")]
    public async Task A_name_that_leads_out_of_the_folder_is_refused(string name)
    {
        await Assert.ThrowsAsync<CaKeyUnavailableException>(() => keys.FindAsync(name, Cancellation));
        await Assert.ThrowsAsync<CaKeyUnavailableException>(() => keys.CreateAsync(name, KeySpec.EccNistP256, Cancellation));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_reported()
    {
        await File.WriteAllTextAsync(folder.At("keys"), "a file in its place", Cancellation);

        CaKeyUnavailableException error = await Assert.ThrowsAsync<CaKeyUnavailableException>(
            () => keys.CreateAsync("root", KeySpec.EccNistP256, Cancellation));

        Assert.Contains(RootFile, error.Message, StringComparison.Ordinal);
    }

    private async Task<string> ExpectUnavailableAsync() =>
        (await Assert.ThrowsAsync<CaKeyUnavailableException>(() => keys.FindAsync("root", Cancellation))).Message;
}

public sealed class KeyFilesContractTests : CaKeysContract, IDisposable
{
    private readonly TemporaryFolder folder = new();

    protected override async Task<ICaKeys> OpenAsync(params (string Name, KeySpec Spec)[] keys)
    {
        var files = new KeyFiles(folder.At("keys"), passphrase: null, TimeProvider.System);
        foreach ((string name, KeySpec spec) in keys)
        {
            await files.CreateAsync(name, spec, Cancellation);
        }

        return files;
    }

    public void Dispose() => folder.Dispose();
}
