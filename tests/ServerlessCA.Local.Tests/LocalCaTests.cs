using ServerlessCA.Contracts;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Settings;
using ServerlessCA.Local.Tests.Processes;
using Xunit;

namespace ServerlessCA.Local.Tests;

public sealed class LocalCaTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DataFolder data;

    public LocalCaTests() => data = new DataFolder(folder.At("deep", "data"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_new_folder_has_its_layout_and_is_its_owners_whatever_the_umask()
    {
        await ChildProcess.RunWithOpenUmaskAsync("open-ca", data.Path);

        Assert.Equal(
            [
                ".lock", "ca.db", "external", "internal", "internal/csrs", "keys", "keys/.lock", "keys/serverless-issuing-ca-dev.key.pem",
                "keys/serverless-root-ca-dev.key.pem", "outbox", "settings.json",
            ],
            Directory.GetFileSystemEntries(data.Path, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(data.Path, path).Replace('\\', '/')).Order(StringComparer.Ordinal));
        Assert.Equal("700", Modes.Of(data.Path));
        Assert.Equal("700", Modes.Of(data.Keys));
        Assert.Equal("600", Modes.Of(data.LedgerFile));
        Assert.Equal("600", Modes.Of(data.SettingsFile));
    }

    [Fact]
    public async Task What_was_stored_is_there_when_it_is_opened_again()
    {
        List<Notification> shown = [];
        using (LocalCa ca = await OpenAsync(shown: shown.Add))
        {
            await ca.CreateKeysAsync(Cancellation);
            await ca.Ledger.AddAsync(Some.Addition() with { Event = Some.Event() }, Cancellation);
            await ca.PublishedFiles.PublishAsync(new PublishedFile("a.crl", "application/pkix-crl", new byte[3]), null, Cancellation);
            await ca.Notifier.DeliverAsync(Some.Event(), Cancellation);
            await File.WriteAllTextAsync(Path.Combine(data.Internal, "tls.json"), "[]", Cancellation);
            await ca.CheckLedgerAsync(Cancellation);
        }

        using LocalCa again = await OpenAsync(create: false);
        await again.CreateKeysAsync(Cancellation);
        Assert.Equal(KeySpec.EccNistP384, (await again.Keys.FindAsync("serverless-root-ca-dev", Cancellation))?.Spec);
        Assert.Equal(KeySpec.EccNistP256, (await again.Keys.FindAsync("serverless-issuing-ca-dev", Cancellation))?.Spec);
        Assert.Equal(1, await again.Ledger.ListAsync(Cancellation).CountAsync(Cancellation));
        Assert.Equal(3, (await again.PublishedFiles.ReadAsync("a.crl", Cancellation))?.Content.Length);
        Assert.Equal(2, (await again.InternalFiles.ReadAsync("tls.json", Cancellation))?.Content.Length);
        Assert.Equal([Some.Event()], shown);
        Assert.NotEqual(again.Serials.Draw(), again.Serials.Draw());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_that_is_not_wholly_restored_is_neither_opened_nor_completed(bool create)
    {
        (await OpenAsync()).Dispose();
        Directory.CreateDirectory(Path.Combine(data.Path, ".restoring"));
        File.Delete(data.SettingsFile); // a restore moves it last

        FilesUnavailableException error = await Assert.ThrowsAsync<FilesUnavailableException>(() => OpenAsync(create));

        Assert.Contains($"Data folder '{data.Path}' is not wholly restored", error.Message, StringComparison.Ordinal);
        Assert.True(data.Exists);
        Assert.False(File.Exists(data.SettingsFile));
    }

    [Fact]
    public async Task Only_who_asks_for_it_makes_a_folder()
    {
        FilesUnavailableException error = await Assert.ThrowsAsync<FilesUnavailableException>(() => OpenAsync(create: false));

        Assert.Contains($"There is no CA in '{data.Path}'", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data.Path));
    }

    [Fact]
    public async Task A_ledger_lost_from_beside_its_keys_is_not_made_anew()
    {
        using (LocalCa ca = await OpenAsync())
        {
            await ca.CreateKeysAsync(Cancellation);
        }

        File.Delete(data.LedgerFile);

        LedgerUnavailableException error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => OpenAsync());
        Assert.Contains($"'{data.LedgerFile}' is not there. Restore it from a backup", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(data.LedgerFile));
    }

    [Fact]
    public async Task Settings_decide_on_names_kinds_and_encryption_of_the_keys()
    {
        Directory.CreateDirectory(data.Path);
        await File.WriteAllTextAsync(
            data.SettingsFile,
            """{"project": "mine", "env": "prod", "root_ca_key_spec": "ML_DSA_44", "issuing_ca_key_spec": "ECC_NIST_P521", "key_passphrase_file": "words"}""",
            Cancellation);
        await File.WriteAllTextAsync(Path.Combine(data.Path, "words"), "open sesame\n", Cancellation);

        using LocalCa ca = await OpenAsync();
        await ca.CreateKeysAsync(Cancellation);

        Assert.Equal(KeySpec.MlDsa44, (await ca.Keys.FindAsync("mine-root-ca", Cancellation))?.Spec);
        Assert.Equal(KeySpec.EccNistP521, (await ca.Keys.FindAsync("mine-issuing-ca", Cancellation))?.Spec);
        Assert.Contains(
            "ENCRYPTED", await File.ReadAllTextAsync(Path.Combine(data.Keys, "mine-root-ca.key.pem"), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_do_not_do_stop_it_before_anything_is_opened()
    {
        Directory.CreateDirectory(data.Path);
        await File.WriteAllTextAsync(data.SettingsFile, "{", Cancellation);

        await Assert.ThrowsAsync<SettingsUnusableException>(() => OpenAsync());

        Assert.False(File.Exists(data.LedgerFile));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_reported()
    {
        await File.WriteAllTextAsync(folder.At("deep"), "a file in its place", Cancellation);

        FilesUnavailableException error = await Assert.ThrowsAsync<FilesUnavailableException>(() => OpenAsync());

        Assert.Contains($"Data folder '{data.Path}' cannot be made", error.Message, StringComparison.Ordinal);
    }

    private Task<LocalCa> OpenAsync(bool create = true, Action<Notification>? shown = null) =>
        LocalCa.OpenAsync(data, create, TimeProvider.System, shown, Cancellation);
}
