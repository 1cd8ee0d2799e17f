using System.Security.Cryptography;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Keys;

/// <summary>An RSA or EC key of a file, signing by the platform.</summary>
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

    /// <summary>PKCS#1 v1.5 with SHA-256 (RFC 8017 §8.2).</summary>
    public static PlatformKey Of(RSA key, KeySpec spec) => new(
        key, spec, digest => key.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    /// <summary>ECDSA with the curve's hash, in DER (Ecdsa-Sig-Value, RFC 3279 §2.2.3).</summary>
    public static PlatformKey Of(ECDsa key, KeySpec spec) => new(
        key, spec, digest => key.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence));

    public Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation) =>
        Task.Run(() => Sign(ContentHash.Of(content, hash)), cancellation);

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
