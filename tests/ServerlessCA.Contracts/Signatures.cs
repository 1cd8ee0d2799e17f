using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Contracts;

/// <summary>Checks signatures with the public key alone.</summary>
public static class Signatures
{
    /// <summary>Whether a signature is the one that certificates of this kind carry.</summary>
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
