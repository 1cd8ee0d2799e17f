using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>Verifies signatures of CAs: RSA and EC by the platform, ML-DSA by BouncyCastle.</summary>
internal static class SignatureCheck
{
    private static readonly Dictionary<string, HashAlgorithmName> RsaHashes = new()
    {
        ["1.2.840.113549.1.1.11"] = HashAlgorithmName.SHA256, ["1.2.840.113549.1.1.12"] = HashAlgorithmName.SHA384,
        ["1.2.840.113549.1.1.13"] = HashAlgorithmName.SHA512,
    };

    private static readonly Dictionary<string, HashAlgorithmName> EcHashes = new()
    {
        ["1.2.840.10045.4.3.2"] = HashAlgorithmName.SHA256, ["1.2.840.10045.4.3.3"] = HashAlgorithmName.SHA384,
        ["1.2.840.10045.4.3.4"] = HashAlgorithmName.SHA512,
    };

    /// <summary>Whether the frame's signature verifies under a key, with the algorithm that the frame names.</summary>
    public static bool Verifies(ReadOnlyMemory<byte> keyInfo, SignedDer frame)
    {
        string keyAlgorithm = KeyForm.Of(DerNode.Parse(keyInfo))["alg"]!.GetValue<string>();
        string algorithm = frame.Algorithm.Child(0).Oid();
        ReadOnlySpan<byte> content = frame.Content.Raw.Span;
        return keyAlgorithm switch
        {
            "RSA" => RsaHashes.TryGetValue(algorithm, out HashAlgorithmName hash) && Rsa(keyInfo.Span, content, frame.Signature.Span, hash),
            "EC" => EcHashes.TryGetValue(algorithm, out HashAlgorithmName hash) && Ec(keyInfo.Span, content, frame.Signature.Span, hash),
            "ML-DSA-44" or "ML-DSA-65" or "ML-DSA-87" => MlDsa(keyInfo, content, frame.Signature),
            _ => false,
        };
    }

    private static bool Rsa(
        ReadOnlySpan<byte> keyInfo, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature, HashAlgorithmName hash)
    {
        using var key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(keyInfo, out _);
        return key.VerifyData(content, signature, hash, RSASignaturePadding.Pkcs1);
    }

    private static bool Ec(
        ReadOnlySpan<byte> keyInfo, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature, HashAlgorithmName hash)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(keyInfo, out _);
        return key.VerifyData(content, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static bool MlDsa(ReadOnlyMemory<byte> keyInfo, ReadOnlySpan<byte> content, ReadOnlyMemory<byte> signature)
    {
        var key = (MLDsaPublicKeyParameters)PublicKeyFactory.CreateKey(keyInfo.ToArray());
        MLDsaSigner verifier = new(key.Parameters, deterministic: false);
        verifier.Init(forSigning: false, key);
        verifier.BlockUpdate(content);
        return verifier.VerifySignature(signature.ToArray());
    }
}
