using System.Collections.Concurrent;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Contracts.Memory;

/// <summary>CA keys by name. New keys are real; RSA keys come from a stock that all tests share, since making them
/// takes seconds.</summary>
public sealed class MemoryKeys : ICaKeys
{
    private static readonly ConcurrentDictionary<(KeySpec Spec, int Number), Lazy<MemoryKey>> Stock = new();

    private readonly ConcurrentDictionary<string, MemoryKey> keys = new(StringComparer.Ordinal);

    /// <summary>Signatures made by all keys.</summary>
    public int SignatureCount => keys.Values.Sum(key => key.SignatureCount);

    /// <summary>Makes a key; one that the name has already is replaced, as a test may want.</summary>
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
