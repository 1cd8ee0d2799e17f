using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using Xunit;

namespace ServerlessCA.Core.Tests.Keys;

/// <summary>A CA key in memory, which may have any spec. RSA and EC sign the digest, as the key services do; ML-DSA keys come
/// from a fixed seed and sign deterministically.</summary>
public sealed class SoftwareKey : ICaKey
{
    private readonly Func<ISignedContent, byte[]> sign;

    private SoftwareKey(KeySpec spec, byte[] subjectPublicKeyInfo, Func<ISignedContent, byte[]> sign)
    {
        Spec = spec;
        SubjectPublicKeyInfo = subjectPublicKeyInfo;
        this.sign = sign;
    }

    public KeySpec Spec { get; }

    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    public PublicKey PublicKey => PublicKey.TryParse(SubjectPublicKeyInfo, out PublicKey? key, out string? why)
        ? key : throw new InvalidOperationException(why);

    /// <param name="spec">The key's kind and size.</param>
    /// <param name="number">ML-DSA keys of different numbers differ; others always do.</param>
    public static SoftwareKey Create(KeySpec spec, int number) => spec switch
    {
        KeySpec.Rsa2048 => OfRsa(spec, 2048, number),
        KeySpec.Rsa3072 => OfRsa(spec, 3072, number),
        KeySpec.Rsa4096 => OfRsa(spec, 4096, number),
        KeySpec.EccNistP256 => OfEc(spec, ECCurve.NamedCurves.nistP256),
        KeySpec.EccNistP384 => OfEc(spec, ECCurve.NamedCurves.nistP384),
        KeySpec.EccNistP521 => OfEc(spec, ECCurve.NamedCurves.nistP521),
        KeySpec.MlDsa44 => OfMlDsa(spec, number, MLDsaParameters.ml_dsa_44, "2.16.840.1.101.3.4.3.17"),
        KeySpec.MlDsa65 => OfMlDsa(spec, number, MLDsaParameters.ml_dsa_65, "2.16.840.1.101.3.4.3.18"),
        KeySpec.MlDsa87 => OfMlDsa(spec, number, MLDsaParameters.ml_dsa_87, "2.16.840.1.101.3.4.3.19"),
        _ => throw new ArgumentOutOfRangeException(nameof(spec)),
    };

    /// <summary>Returns the same public key, but the function changes its signatures.</summary>
    public SoftwareKey Lying(Func<byte[], byte[]> lie) => new(Spec, SubjectPublicKeyInfo.ToArray(), content => lie(sign(content)));

    /// <summary>Returns the same key, which claims to have another spec.</summary>
    public SoftwareKey Mislabelled(KeySpec spec) => new(spec, SubjectPublicKeyInfo.ToArray(), sign);

    /// <summary>Returns this public key, but another key signs.</summary>
    public SoftwareKey SignedBy(SoftwareKey other) => new(Spec, SubjectPublicKeyInfo.ToArray(), other.sign);

    public Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation) => Task.FromResult(Sign(content));

    public byte[] Sign(ISignedContent content) => sign(content);

    private static SoftwareKey OfRsa(KeySpec spec, int bits, int number)
    {
        RSA rsa = RsaKeys.Of(bits, number);
        return new(spec, rsa.ExportSubjectPublicKeyInfo(), content =>
        {
            lock (rsa)
            {
                return rsa.SignHash(content.Digest(HashAlgorithmName.SHA256), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            }
        });
    }

    private static SoftwareKey OfEc(KeySpec spec, ECCurve curve)
    {
        var ecdsa = ECDsa.Create(curve);
        HashAlgorithmName digest = SignatureAlgorithm.Of(spec).Digest!.Value;
        return new(spec, ecdsa.ExportSubjectPublicKeyInfo(), content =>
        {
            lock (ecdsa)
            {
                return ecdsa.SignHash(content.Digest(digest), DSASignatureFormat.Rfc3279DerSequence);
            }
        });
    }

    private static SoftwareKey OfMlDsa(KeySpec spec, int number, MLDsaParameters parameters, string oid)
    {
        byte[] seed = [.. Enumerable.Repeat((byte)((10 * (int)spec) + number), 32)];
        var key = MLDsaPrivateKeyParameters.FromSeed(parameters, seed);
        return new(spec, Spki(oid, key.GetPublicKeyEncoded()), content =>
        {
            var signer = new MLDsaSigner(parameters, deterministic: true);
            signer.Init(forSigning: true, key);
            content.CopyTo(signer.BlockUpdate);
            return signer.GenerateSignature();
        });
    }

    private static byte[] Spki(string oid, byte[] keyBits)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(oid);
            }

            writer.WriteBitString(keyBits);
        }

        return writer.Encode();
    }
}

/// <summary>Shares keys of every spec between all tests, since making RSA keys takes seconds.</summary>
public static class SomeKeys
{
    private static readonly ConcurrentDictionary<(KeySpec Spec, int Number), Lazy<SoftwareKey>> Made = new();

    public static TheoryData<KeySpec> AllSpecs => [.. Enum.GetValues<KeySpec>()];

    public static SoftwareKey Root(KeySpec spec = KeySpec.EccNistP384) => Get(spec, 0);

    public static SoftwareKey Issuing(KeySpec spec = KeySpec.EccNistP256) => Get(spec, 1);

    public static SoftwareKey Other(KeySpec spec = KeySpec.EccNistP256) => Get(spec, 2);

    private static SoftwareKey Get(KeySpec spec, int number) =>
        Made.GetOrAdd((spec, number), static id => new(() => SoftwareKey.Create(id.Spec, id.Number))).Value;
}
