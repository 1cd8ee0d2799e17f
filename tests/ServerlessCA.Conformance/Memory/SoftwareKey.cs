using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Conformance.Memory;

/// <summary>A CA key in memory. Signs as the key service does (SPEC section 3).</summary>
internal sealed class SoftwareKey : ICaKey
{
    private readonly Func<byte[], byte[]> sign;

    private SoftwareKey(KeySpec spec, byte[] keyInfo, Func<byte[], byte[]> sign)
    {
        Spec = spec;
        SubjectPublicKeyInfo = keyInfo;
        this.sign = sign;
    }

    public KeySpec Spec { get; }

    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    public static SoftwareKey Make(KeySpec spec) => spec switch
    {
        KeySpec.Rsa2048 => MakeRsa(spec, 2048),
        KeySpec.Rsa3072 => MakeRsa(spec, 3072),
        KeySpec.Rsa4096 => MakeRsa(spec, 4096),
        KeySpec.EccNistP256 => MakeEc(spec, ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256),
        KeySpec.EccNistP384 => MakeEc(spec, ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384),
        KeySpec.EccNistP521 => MakeEc(spec, ECCurve.NamedCurves.nistP521, HashAlgorithmName.SHA512),
        KeySpec.MlDsa44 => MakeMlDsa(spec, MLDsaParameters.ml_dsa_44),
        KeySpec.MlDsa65 => MakeMlDsa(spec, MLDsaParameters.ml_dsa_65),
        KeySpec.MlDsa87 => MakeMlDsa(spec, MLDsaParameters.ml_dsa_87),
        _ => throw new ArgumentOutOfRangeException(nameof(spec)),
    };

    public Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation)
    {
        MemoryStream whole = new();
        content.CopyTo(whole.Write);
        return Task.FromResult(sign(whole.ToArray()));
    }

    private static SoftwareKey MakeRsa(KeySpec spec, int bits)
    {
        var key = RSA.Create(bits);
        return new(spec, key.ExportSubjectPublicKeyInfo(),
            content => key.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static SoftwareKey MakeEc(KeySpec spec, ECCurve curve, HashAlgorithmName hash)
    {
        var key = ECDsa.Create(curve);
        return new(spec, key.ExportSubjectPublicKeyInfo(),
            content => key.SignData(content, hash, DSASignatureFormat.Rfc3279DerSequence));
    }

    private static SoftwareKey MakeMlDsa(KeySpec spec, MLDsaParameters parameters)
    {
        MLDsaKeyPairGenerator generator = new();
        generator.Init(new MLDsaKeyGenerationParameters(new SecureRandom(), parameters));
        var pair = generator.GenerateKeyPair();
        byte[] keyInfo = SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(pair.Public).GetDerEncoded();
        return new(spec, keyInfo, content =>
        {
            MLDsaSigner signer = new(parameters, deterministic: false);
            signer.Init(forSigning: true, pair.Private);
            signer.BlockUpdate(content);
            return signer.GenerateSignature();
        });
    }
}
