using System.Diagnostics;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace ServerlessCA.Core.Keys;

/// <summary>Checks signatures that the platform lacks before OpenSSL 3.5: Ed25519 and Ed448 (RFC 8032), ML-DSA (FIPS 204, pure,
/// empty context). The only place in the core that knows BouncyCastle.</summary>
internal static class SoftwareSignatures
{
    private const int MuOctets = 64; // FIPS 204 algorithm 7 line 6

    /// <summary>Checks a signature made with such a key.</summary>
    public static bool Verify(PublicKey key, ISignedContent content, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != KeyKind.Of(key.Algorithm).SignatureOctets)
        {
            return false;
        }

        ISigner signer = SignerOf(key);
        content.CopyTo(signer.BlockUpdate);
        return signer.VerifySignature(signature.ToArray());
    }

    /// <summary>Says whether the bits of an Ed25519 or Ed448 key are a point of the prime-order group. Other keys have no such
    /// rule.</summary>
    public static bool IsPoint(PublicKeyAlgorithm algorithm, ReadOnlySpan<byte> keyBits) => algorithm switch
    {
        PublicKeyAlgorithm.Ed25519 => Ed25519.ValidatePublicKeyFull(keyBits),
        PublicKeyAlgorithm.Ed448 => Ed448.ValidatePublicKeyFull(keyBits),
        _ => true,
    };

    /// <summary>Computes SHAKE256(SHAKE256(pk, 64) ‖ 0 ‖ 0 ‖ M, 64).</summary>
    public static byte[] ExternalMu(PublicKey key, ISignedContent content)
    {
        Span<byte> keyHash = stackalloc byte[MuOctets];
        var shake = new ShakeDigest(256);
        shake.BlockUpdate(key.KeyBits.Span);
        shake.OutputFinal(keyHash);

        shake.BlockUpdate(keyHash);
        shake.BlockUpdate([0, 0]); // pure; no context
        content.CopyTo(shake.BlockUpdate);
        byte[] mu = new byte[MuOctets];
        shake.OutputFinal(mu);
        return mu;
    }

    private static ISigner SignerOf(PublicKey key) => key.Algorithm switch
    {
        PublicKeyAlgorithm.Ed25519 => Ready(new Ed25519Signer(), new Ed25519PublicKeyParameters(key.KeyBits.Span)),
        PublicKeyAlgorithm.Ed448 => Ready(new Ed448Signer([]), new Ed448PublicKeyParameters(key.KeyBits.Span)),
        PublicKeyAlgorithm.MlDsa44 => MlDsa(MLDsaParameters.ml_dsa_44, key),
        PublicKeyAlgorithm.MlDsa65 => MlDsa(MLDsaParameters.ml_dsa_65, key),
        PublicKeyAlgorithm.MlDsa87 => MlDsa(MLDsaParameters.ml_dsa_87, key),
        _ => throw new UnreachableException(),
    };

    private static ISigner MlDsa(MLDsaParameters parameters, PublicKey key) => Ready(
        new MLDsaSigner(parameters, deterministic: true),
        MLDsaPublicKeyParameters.FromEncoding(parameters, key.KeyBits.ToArray()));

    private static ISigner Ready(ISigner signer, ICipherParameters key)
    {
        signer.Init(forSigning: false, key);
        return signer;
    }
}
