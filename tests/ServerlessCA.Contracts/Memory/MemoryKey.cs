using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.X509;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Contracts.Memory;

/// <summary>A key in memory; it counts what it signs.</summary>
public sealed class MemoryKey : ICaKey
{
    private readonly Func<byte[], byte[]> sign;
    private readonly Lock signing;
    private int signatures;

    private MemoryKey(KeySpec spec, ReadOnlyMemory<byte> publicKey, Func<byte[], byte[]> sign, Lock signing)
    {
        Spec = spec;
        SubjectPublicKeyInfo = publicKey;
        this.sign = sign;
        this.signing = signing;
    }

    public KeySpec Spec { get; }

    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    public int SignatureCount => signatures;

    public static MemoryKey Of(KeySpec spec, RSA key) => new(
        spec, key.ExportSubjectPublicKeyInfo(),
        bytes => key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), new Lock());

    public static MemoryKey Of(KeySpec spec, ECDsa key, HashAlgorithmName hash) => new(
        spec, key.ExportSubjectPublicKeyInfo(),
        bytes => key.SignData(bytes, hash, DSASignatureFormat.Rfc3279DerSequence), new Lock());

    public static MemoryKey Of(KeySpec spec, MLDsaPrivateKeyParameters key) => new(
        spec, SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(key.GetPublicKey()).GetDerEncoded(),
        bytes => SignMlDsa(key, bytes), new Lock());

    /// <summary>The same key with a count of its own.</summary>
    public MemoryKey Copy() => new(Spec, SubjectPublicKeyInfo, sign, signing);

    public Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes.Write);
        lock (signing)
        {
            byte[] signature = sign(bytes.ToArray());
            Interlocked.Increment(ref signatures);
            return Task.FromResult(signature);
        }
    }

    private static byte[] SignMlDsa(MLDsaPrivateKeyParameters key, byte[] bytes)
    {
        var signer = new MLDsaSigner(key.Parameters, deterministic: true);
        signer.Init(forSigning: true, key);
        signer.BlockUpdate(bytes);
        return signer.GenerateSignature();
    }
}
