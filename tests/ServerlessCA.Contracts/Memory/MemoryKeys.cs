using System.Collections.Concurrent;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.X509;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Contracts.Memory;

/// <summary>Holds CA keys by name. New keys are real; RSA keys come from a stock that all tests share, since making them takes
/// seconds.</summary>
public sealed class MemoryKeys : ICaKeys
{
    private static readonly ConcurrentDictionary<(KeySpec Spec, int Number), Lazy<MemoryKey>> Stock = new();

    private readonly ConcurrentDictionary<string, MemoryKey> keys = new(StringComparer.Ordinal);

    /// <summary>Counts the signatures of all keys.</summary>
    public int SignatureCount => keys.Values.Sum(key => key.SignatureCount);

    /// <summary>Makes a key; it replaces one that the name has already.</summary>
    public MemoryKeys With(string caName, KeySpec spec)
    {
        int number = keys.Values.Count(key => key.Spec == spec);
        keys[caName] = spec switch
        {
            KeySpec.Rsa2048 or KeySpec.Rsa3072 or KeySpec.Rsa4096 =>
                Stock.GetOrAdd((spec, number), _ => new Lazy<MemoryKey>(() => Generate(spec, number))).Value.Copy(),
            _ => Generate(spec, number),
        };
        return this;
    }

    public Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult<ICaKey?>(keys.GetValueOrDefault(caName));
    }

    private static MemoryKey Generate(KeySpec spec, int number) => spec switch
    {
        KeySpec.Rsa2048 => MemoryKey.Of(spec, RsaKeys.Of(2048, number)),
        KeySpec.Rsa3072 => MemoryKey.Of(spec, RsaKeys.Of(3072, number)),
        KeySpec.Rsa4096 => MemoryKey.Of(spec, RsaKeys.Of(4096, number)),
        KeySpec.EccNistP256 => MemoryKey.Of(spec, ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256),
        KeySpec.EccNistP384 => MemoryKey.Of(spec, ECDsa.Create(ECCurve.NamedCurves.nistP384), HashAlgorithmName.SHA384),
        KeySpec.EccNistP521 => MemoryKey.Of(spec, ECDsa.Create(ECCurve.NamedCurves.nistP521), HashAlgorithmName.SHA512),
        KeySpec.MlDsa44 => Generate(spec, MLDsaParameters.ml_dsa_44),
        KeySpec.MlDsa65 => Generate(spec, MLDsaParameters.ml_dsa_65),
        KeySpec.MlDsa87 => Generate(spec, MLDsaParameters.ml_dsa_87),
        _ => throw new ArgumentOutOfRangeException(nameof(spec)),
    };

    private static MemoryKey Generate(KeySpec spec, MLDsaParameters parameters) =>
        MemoryKey.Of(spec, MLDsaPrivateKeyParameters.FromSeed(parameters, RandomNumberGenerator.GetBytes(32)));
}

/// <summary>Is a key in memory; it counts what it signs.</summary>
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

    /// <summary>Returns the same key with a count of its own.</summary>
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
