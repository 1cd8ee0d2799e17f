using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>Tests what every key service does (<see cref="ICaKeys"/>).</summary>
public abstract class CaKeysContract
{
    private const string Name = "serverless-root-ca-dev";

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Lists the nine specs, for theories.</summary>
    public static TheoryData<KeySpec> Specs => new(Enum.GetValues<KeySpec>());

    /// <summary>Opens a key service that has these keys. Each call opens the test's own store anew, as another process
    /// would.</summary>
    protected abstract Task<ICaKeys> OpenAsync(params (string Name, KeySpec Spec)[] keys);

    [Theory]
    [MemberData(nameof(Specs))]
    public async Task A_key_of_each_kind_signs_what_its_public_key_verifies(KeySpec spec)
    {
        ICaKey? key = await (await OpenAsync((Name, spec))).FindAsync(Name, Cancellation);

        Assert.NotNull(key);
        Assert.Equal(spec, key.Spec);
        foreach (int length in new[] { 0, 1, 4096, 100_000 })
        {
            byte[] content = Some.Bytes(length);
            byte[] signature = await key.SignAsync(Some.Content(content, pieceLength: 777), Cancellation);

            Assert.True(Signatures.Verify(spec, key.SubjectPublicKeyInfo.Span, content, signature), $"{length} bytes");
            Assert.False(Signatures.Verify(spec, key.SubjectPublicKeyInfo.Span, [.. content, 0], signature));
        }
    }

    [Fact]
    public async Task There_is_no_key_under_another_name()
    {
        ICaKeys keys = await OpenAsync((Name, KeySpec.EccNistP256));

        Assert.Null(await keys.FindAsync("serverless-issuing-ca-dev", Cancellation));
        Assert.Null(await keys.FindAsync("serverless-root-ca", Cancellation));
        Assert.NotNull(await keys.FindAsync(Name, Cancellation));
    }

    [Fact]
    public async Task Each_name_has_its_own_key_and_keeps_it()
    {
        ICaKeys keys = await OpenAsync(("one", KeySpec.EccNistP256), ("two", KeySpec.EccNistP256));

        byte[] one = (await keys.FindAsync("one", Cancellation))!.SubjectPublicKeyInfo.ToArray();
        byte[] two = (await keys.FindAsync("two", Cancellation))!.SubjectPublicKeyInfo.ToArray();

        Assert.NotEqual(one, two);
        Assert.Equal(one, (await keys.FindAsync("one", Cancellation))!.SubjectPublicKeyInfo.ToArray());
    }

    [Theory]
    [InlineData(KeySpec.EccNistP256)]
    [InlineData(KeySpec.MlDsa44)]
    public async Task One_key_signs_concurrently(KeySpec spec)
    {
        ICaKey key = (await (await OpenAsync((Name, spec))).FindAsync(Name, Cancellation))!;

        byte[][] signatures = await Task.WhenAll(Enumerable.Range(0, 40).Select(index => Task.Run(
            () => key.SignAsync(Some.Content(Some.Bytes(1_000 + index)), Cancellation), Cancellation)));

        Assert.All(signatures, (signature, index) => Assert.True(
            Signatures.Verify(spec, key.SubjectPublicKeyInfo.Span, Some.Bytes(1_000 + index), signature)));
    }

    [Fact]
    public async Task A_cancelled_signature_is_not_made()
    {
        ICaKey key = (await (await OpenAsync((Name, KeySpec.EccNistP256))).FindAsync(Name, Cancellation))!;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => key.SignAsync(Some.Content([1]), new CancellationToken(canceled: true)));
    }
}

/// <summary>Checks signatures with the public key alone.</summary>
public static class Signatures
{
    /// <summary>Says whether a signature is the one that certificates of this kind carry.</summary>
    public static bool Verify(KeySpec spec, ReadOnlySpan<byte> publicKey, byte[] content, byte[] signature) => spec switch
    {
        KeySpec.Rsa2048 => VerifyRsa(2048, publicKey, content, signature),
        KeySpec.Rsa3072 => VerifyRsa(3072, publicKey, content, signature),
        KeySpec.Rsa4096 => VerifyRsa(4096, publicKey, content, signature),
        KeySpec.EccNistP256 => VerifyEc(256, HashAlgorithmName.SHA256, publicKey, content, signature),
        KeySpec.EccNistP384 => VerifyEc(384, HashAlgorithmName.SHA384, publicKey, content, signature),
        KeySpec.EccNistP521 => VerifyEc(521, HashAlgorithmName.SHA512, publicKey, content, signature),
        KeySpec.MlDsa44 => VerifyMlDsa(MLDsaParameters.ml_dsa_44, publicKey, content, signature),
        KeySpec.MlDsa65 => VerifyMlDsa(MLDsaParameters.ml_dsa_65, publicKey, content, signature),
        _ => VerifyMlDsa(MLDsaParameters.ml_dsa_87, publicKey, content, signature),
    };

    private static bool VerifyRsa(int bits, ReadOnlySpan<byte> publicKey, byte[] content, byte[] signature)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(publicKey, out _);
        return rsa.KeySize == bits
            && rsa.VerifyData(content, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static bool VerifyEc(
        int bits, HashAlgorithmName hash, ReadOnlySpan<byte> publicKey, byte[] content, byte[] signature)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(publicKey, out _);
        return ecdsa.KeySize == bits && ecdsa.VerifyData(content, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static bool VerifyMlDsa(MLDsaParameters parameters, ReadOnlySpan<byte> publicKey, byte[] content, byte[] signature)
    {
        AsymmetricKeyParameter key = PublicKeyFactory.CreateKey(publicKey.ToArray());
        var verifier = new MLDsaSigner(parameters, deterministic: true);
        verifier.Init(forSigning: false, key);
        verifier.BlockUpdate(content);
        return ((MLDsaPublicKeyParameters)key).Parameters == parameters && verifier.VerifySignature(signature);
    }
}
