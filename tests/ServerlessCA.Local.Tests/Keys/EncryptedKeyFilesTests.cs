using ServerlessCA.Contracts;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Keys;
using Xunit;

namespace ServerlessCA.Local.Tests.Keys;

public sealed class EncryptedKeyFilesTests : IDisposable
{
    private const string Variable = "SERVERLESS_CA_TEST_PASSPHRASE"; // set below, once for all tests

    private readonly TemporaryFolder folder = new();

    static EncryptedKeyFilesTests() => Environment.SetEnvironmentVariable(Variable, "pässword 1");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string RootFile => folder.At("keys", "root.key.pem");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(KeySpec.Rsa2048)]
    [InlineData(KeySpec.EccNistP521)]
    [InlineData(KeySpec.MlDsa65)]
    public async Task An_encrypted_key_signs_after_its_passphrase_was_given(KeySpec spec)
    {
        using KeyFiles keys = Keys(new EnvironmentPassphrase(Variable));
        await keys.CreateAsync("root", spec, Cancellation);

        ICaKey key = (await keys.FindAsync("root", Cancellation))!;
        byte[] signature = await key.SignAsync(Some.Content(Some.Bytes(100)), Cancellation);

        Assert.Equal(spec, key.Spec);
        Assert.True(Signatures.Verify(spec, key.SubjectPublicKeyInfo.Span, Some.Bytes(100), signature));
        Assert.StartsWith(
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\n", await File.ReadAllTextAsync(RootFile, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenSSL_sees_PBES2_with_AES_256_and_600000_rounds_of_HMAC_SHA_256()
    {
        using KeyFiles keys = Keys(new EnvironmentPassphrase(Variable));
        await keys.CreateAsync("root", KeySpec.EccNistP256, Cancellation);

        string dump = await ForeignProgram.OutputAsync("openssl", "asn1parse", "-in", RootFile);

        Assert.Contains(":PBES2", dump, StringComparison.Ordinal);
        Assert.Contains(":PBKDF2", dump, StringComparison.Ordinal);
        Assert.Contains(":0927C0", dump, StringComparison.Ordinal); // 600,000 iterations
        Assert.Contains(":hmacWithSHA256", dump, StringComparison.Ordinal);
        Assert.Contains(":aes-256-cbc", dump, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_passphrase_may_be_in_a_file_with_or_without_the_lines_end()
    {
        await File.WriteAllTextAsync(folder.At("with"), "pässword 1\r\n", Cancellation);
        await File.WriteAllTextAsync(folder.At("without"), "pässword 1", Cancellation);
        using KeyFiles made = Keys(new FilePassphrase(folder.At("with")));
        await made.CreateAsync("root", KeySpec.EccNistP256, Cancellation);

        using KeyFiles read = Keys(new FilePassphrase(folder.At("without")));
        using KeyFiles fromVariable = Keys(new EnvironmentPassphrase(Variable));

        Assert.NotNull(await read.FindAsync("root", Cancellation));
        Assert.NotNull(await fromVariable.FindAsync("root", Cancellation));
    }

    [Fact]
    public async Task A_wrong_passphrase_is_reported_with_where_it_came_from()
    {
        await MakeEncryptedAsync();
        await File.WriteAllTextAsync(folder.At("wrong"), "password 1", Cancellation);

        string message = await ExpectUnavailableAsync(new FilePassphrase(folder.At("wrong")));

        Assert.Contains($"The passphrase in file '{folder.At("wrong")}' does not open key file '{RootFile}'", message, StringComparison.Ordinal);
        Assert.DoesNotContain("password", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passphrase_that_is_not_there_is_reported_with_its_name()
    {
        await MakeEncryptedAsync();
        await File.WriteAllTextAsync(folder.At("empty"), "\n", Cancellation);
        await File.WriteAllTextAsync(folder.At("two"), "a\nb\n", Cancellation);
        await File.WriteAllTextAsync(folder.At("large"), new string('x', 5_000), Cancellation);

        Assert.Contains("variable NO_SUCH_VARIABLE holds no passphrase", await ExpectUnavailableAsync(
            new EnvironmentPassphrase("NO_SUCH_VARIABLE")), StringComparison.Ordinal);
        foreach (string name in new[] { "missing", "empty", "two", "large" })
        {
            Assert.Contains($"Passphrase file '{folder.At(name)}'", await ExpectUnavailableAsync(
                new FilePassphrase(folder.At(name))), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_a_passphrase_no_key_is_made_though_one_was_to_be_encrypted()
    {
        using KeyFiles keys = Keys(new EnvironmentPassphrase("NO_SUCH_VARIABLE"));

        await Assert.ThrowsAsync<CaKeyUnavailableException>(() => keys.CreateAsync("root", KeySpec.EccNistP256, Cancellation));

        Assert.False(File.Exists(RootFile));
        Assert.Null(await keys.FindAsync("root", Cancellation));
    }

    [Fact]
    public async Task Files_and_settings_must_agree_on_whether_keys_are_encrypted()
    {
        await MakeEncryptedAsync();
        Assert.Contains("is encrypted. Name its passphrase in settings.json", await ExpectUnavailableAsync(null), StringComparison.Ordinal);

        File.Delete(RootFile);
        using (KeyFiles plain = Keys(null))
        {
            await plain.CreateAsync("root", KeySpec.EccNistP256, Cancellation);
        }

        Assert.Contains("is not encrypted, though", await ExpectUnavailableAsync(
            new EnvironmentPassphrase(Variable)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_encrypted_key_is_reported()
    {
        await MakeEncryptedAsync();
        string pem = await File.ReadAllTextAsync(RootFile, Cancellation);
        int middle = pem.Length * 3 / 4;
        char other = pem[middle] == 'A' ? 'B' : 'A';
        await File.WriteAllTextAsync(RootFile, $"{pem[..middle]}{other}{pem[(middle + 1)..]}", Cancellation);

        // The padding may or may not show the damage; if not, the key's parts do.
        Assert.Contains("from a backup", await ExpectUnavailableAsync(new EnvironmentPassphrase(Variable)), StringComparison.Ordinal);
    }

    private async Task MakeEncryptedAsync()
    {
        using KeyFiles keys = Keys(new EnvironmentPassphrase(Variable));
        await keys.CreateAsync("root", KeySpec.EccNistP256, Cancellation);
    }

    private async Task<string> ExpectUnavailableAsync(IPassphraseSource? passphrase)
    {
        using KeyFiles keys = Keys(passphrase);
        return (await Assert.ThrowsAsync<CaKeyUnavailableException>(() => keys.FindAsync("root", Cancellation))).Message;
    }

    private KeyFiles Keys(IPassphraseSource? passphrase) => new(folder.At("keys"), passphrase, TimeProvider.System);
}
