using System.Security.Cryptography;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Keys;
using Xunit;

namespace ServerlessCA.Local.Tests.Keys;

/// <summary>Reads key files that OpenSSL wrote, and lets OpenSSL read ours.</summary>
public sealed class ForeignKeyFilesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ForeignKeyFilesTests()
    {
        Directory.CreateDirectory(folder.At("keys"));
        Modes.Set(folder.At("keys"), "0700");
        File.WriteAllText(folder.At("words"), "open sesame\n");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string RootFile => folder.At("keys", "root.key.pem");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(KeySpec.Rsa2048, false)]
    [InlineData(KeySpec.Rsa2048, true)]
    [InlineData(KeySpec.EccNistP256, false)]
    [InlineData(KeySpec.EccNistP384, true)]
    [InlineData(KeySpec.EccNistP521, false)]
    public async Task OpenSSL_reads_our_files(KeySpec spec, bool encrypted)
    {
        using KeyFiles keys = Keys(encrypted);
        await keys.CreateAsync("root", spec, Cancellation);

        string publicKey = await ForeignProgram.OutputAsync(
            "openssl", "pkey", "-in", RootFile, "-passin", $"file:{folder.At("words")}", "-check", "-pubout");

        Assert.Contains("Key is valid", publicKey, StringComparison.Ordinal);
        ICaKey key = (await keys.FindAsync("root", Cancellation))!;
        Assert.Contains(PemEncoding.WriteString("PUBLIC KEY", key.SubjectPublicKeyInfo.Span), publicKey, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KeySpec.Rsa3072, "RSA", "rsa_keygen_bits:3072")]
    [InlineData(KeySpec.EccNistP256, "EC", "ec_paramgen_curve:P-256")]
    [InlineData(KeySpec.EccNistP521, "EC", "ec_paramgen_curve:P-521")]
    public async Task Files_of_OpenSSL_are_read(KeySpec spec, string algorithm, string option)
    {
        await ForeignProgram.OutputAsync("openssl", "genpkey", "-algorithm", algorithm, "-pkeyopt", option, "-out", RootFile);
        Modes.Set(RootFile, "0600");
        using KeyFiles keys = Keys(encrypted: false);

        await ExpectSignsAsync(keys, spec);
    }

    [Theory]
    [InlineData("-v2", "aes-256-cbc")]
    [InlineData("-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA512")]
    [InlineData("-v2", "aes-192-cbc", "-v2prf", "hmacWithSHA1", "-iter", "1000")]
    public async Task Files_that_OpenSSL_encrypted_are_read(params string[] how)
    {
        await ForeignProgram.OutputAsync("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", folder.At("plain"));
        await ForeignProgram.OutputAsync("openssl",
            ["pkcs8", "-topk8", "-in", folder.At("plain"), "-out", RootFile, "-passout", $"file:{folder.At("words")}", .. how]);
        Modes.Set(RootFile, "0600");
        using KeyFiles keys = Keys(encrypted: true);

        await ExpectSignsAsync(keys, KeySpec.EccNistP384);
    }

    [Theory]
    [InlineData("genpkey -algorithm ED25519", "is of another kind")]
    [InlineData("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1", "is of another kind")]
    [InlineData("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit", "is of another kind")]
    [InlineData("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024", "is of another kind")]
    [InlineData("ecparam -name prime256v1 -genkey -noout", "holds a block 'EC PRIVATE KEY'. Convert it: openssl pkcs8 -topk8")]
    public async Task Keys_that_are_not_a_CAs_are_refused_with_what_to_do(string command, string expected)
    {
        await ForeignProgram.OutputAsync("openssl", [.. command.Split(' '), "-out", RootFile]);
        Modes.Set(RootFile, "0600");
        using KeyFiles keys = Keys(encrypted: false);

        CaKeyUnavailableException error = await Assert.ThrowsAsync<CaKeyUnavailableException>(
            () => keys.FindAsync("root", Cancellation));

        Assert.Contains($"Key file '{RootFile}' {expected}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_encryption_of_old_is_refused_with_what_to_do()
    {
        await ForeignProgram.OutputAsync("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", folder.At("plain"));
        await ForeignProgram.OutputAsync(
            "openssl", "pkcs8", "-topk8", "-in", folder.At("plain"), "-out", RootFile, "-passout", $"file:{folder.At("words")}", "-v2", "des3");
        Modes.Set(RootFile, "0600");
        using KeyFiles keys = Keys(encrypted: true);

        CaKeyUnavailableException error = await Assert.ThrowsAsync<CaKeyUnavailableException>(
            () => keys.FindAsync("root", Cancellation));

        Assert.Contains("use PBES2 with AES-CBC: openssl pkcs8 -topk8 -v2 aes-256-cbc", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_private_key_with_a_public_key_of_another_is_damaged()
    {
        using var one = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] mixed = one.ExportPkcs8PrivateKey();
        other.ExportPkcs8PrivateKey().AsSpan(^64..).CopyTo(mixed.AsSpan(^64..)); // the public point stands at the end of the file
        await WriteAsync(mixed);
        using KeyFiles keys = Keys(encrypted: false);

        CaKeyUnavailableException error = await Assert.ThrowsAsync<CaKeyUnavailableException>(
            () => keys.FindAsync("root", Cancellation));

        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KeySpec.MlDsa44, 17)]
    [InlineData(KeySpec.MlDsa65, 18)]
    [InlineData(KeySpec.MlDsa87, 19)]
    public async Task An_ML_DSA_file_holds_the_seed_as_RFC_9881_has_it(KeySpec spec, byte lastArc)
    {
        using KeyFiles keys = Keys(encrypted: false);
        await keys.CreateAsync("root", spec, Cancellation);

        string pem = await File.ReadAllTextAsync(RootFile, Cancellation);
        byte[] der = Convert.FromBase64String(string.Concat(pem.Split('\n')[1..^2]));

        // SEQUENCE { 0, SEQUENCE { 2.16.840.1.101.3.4.3.x }, OCTET STRING { [0] seed of 32 octets } }
        Assert.Equal(
            $"3034020100300B06096086480165030403{lastArc:X2}04228020", Convert.ToHexString(der.AsSpan(..^32)));
        Assert.Equal(54, der.Length);
    }

    [Fact]
    public async Task The_example_key_of_RFC_9881_is_read()
    {
        // RFC 9881, appendix C.1.1.1: ML-DSA-44, seed 00 01 … 1f; its public key begins d7 b2 b4 72 (appendix C.2).
        await WriteAsync(Convert.FromBase64String("MDQCAQAwCwYJYIZIAWUDBAMRBCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"));
        using KeyFiles keys = Keys(encrypted: false);

        await ExpectSignsAsync(keys, KeySpec.MlDsa44);

        ICaKey key = (await keys.FindAsync("root", Cancellation))!;
        Assert.Equal("D7B2B472", Convert.ToHexString(key.SubjectPublicKeyInfo.Span.Slice(22, 4)));
    }

    private static async Task ExpectSignsAsync(KeyFiles keys, KeySpec spec)
    {
        ICaKey key = (await keys.FindAsync("root", Cancellation))!;
        byte[] signature = await key.SignAsync(Some.Content([1, 2, 3]), Cancellation);
        Assert.Equal(spec, key.Spec);
        Assert.True(Signatures.Verify(spec, key.SubjectPublicKeyInfo.Span, [1, 2, 3], signature));
    }

    private async Task WriteAsync(byte[] der)
    {
        await File.WriteAllTextAsync(RootFile, PemEncoding.WriteString("PRIVATE KEY", der) + "\n", Cancellation);
        Modes.Set(RootFile, "0600");
    }

    private KeyFiles Keys(bool encrypted) =>
        new(folder.At("keys"), encrypted ? new FilePassphrase(folder.At("words")) : null, TimeProvider.System);
}
