using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Keys;

/// <summary>An RSA or EC key of a file, which signs with the platform's cryptography.</summary>
internal sealed class PlatformKey : ICaKey, IDisposable
{
    private readonly AsymmetricAlgorithm key;
    private readonly HashAlgorithmName hash;
    private readonly Func<byte[], byte[]> signHash;
    private readonly Lock signing = new(); // RSA and ECDsa are not documented to be safe for concurrent use

    private PlatformKey(AsymmetricAlgorithm key, KeySpec spec, Func<byte[], byte[]> signHash)
    {
        this.key = key;
        hash = KeySpecs.KindOf(spec).Digest!.Value;
        this.signHash = signHash;
        Spec = spec;
        SubjectPublicKeyInfo = key.ExportSubjectPublicKeyInfo();
    }

    public KeySpec Spec { get; }

    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    /// <summary>Makes a key that signs with PKCS#1 v1.5 and SHA-256 (RFC 8017 §8.2).</summary>
    public static PlatformKey Of(RSA key, KeySpec spec) => new(
        key, spec, digest => key.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    /// <summary>Makes a key that signs with ECDSA and the curve's hash, in DER (Ecdsa-Sig-Value, RFC 3279
    /// §2.2.3).</summary>
    public static PlatformKey Of(ECDsa key, KeySpec spec) => new(
        key, spec, digest => key.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence));

    public Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation) =>
        AtOnce.Run(() => Sign(ContentHash.Of(content, hash)), cancellation);

    public void Dispose() => key.Dispose();

    private byte[] Sign(byte[] digest)
    {
        try
        {
            lock (signing)
            {
                return signHash(digest);
            }
        }
        catch (CryptographicException error)
        {
            throw new CaKeyUnavailableException($"The platform could not sign with an {Spec} key: {error.Message.TrimEnd('.')}. Try again.", error);
        }
    }
}

/// <summary>An ML-DSA key of a file, which signs in software: pure, empty context, hedged (FIPS 204 §5.2). The platform
/// has ML-DSA only from OpenSSL 3.5 on.</summary>
internal sealed class MlDsaFileKey(MLDsaPrivateKeyParameters key, KeySpec spec) : ICaKey
{
    private static readonly SecureRandom System = new(new CryptoApiRandomGenerator());

    public KeySpec Spec => spec;

    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; } =
        SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(key.GetPublicKey()).GetDerEncoded();

    public Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation) => AtOnce.Run(() => Sign(content), cancellation);

    private byte[] Sign(ISignedContent content)
    {
        var signer = new MLDsaSigner(key.Parameters, deterministic: false);
        signer.Init(forSigning: true, new ParametersWithRandom(key, System));
        content.CopyTo(signer.BlockUpdate);
        return signer.GenerateSignature();
    }
}

/// <summary>Hashes content that comes in pieces.</summary>
internal static class ContentHash
{
    public static byte[] Of(ISignedContent content, HashAlgorithmName algorithm)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        content.CopyTo(hash.AppendData);
        return hash.GetHashAndReset();
    }
}
