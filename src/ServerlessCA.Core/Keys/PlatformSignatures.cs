using System.Security.Cryptography;

namespace ServerlessCA.Core.Keys;

/// <summary>Signatures that .NET checks with the operating system's library.</summary>
internal static class PlatformSignatures
{
    /// <summary>RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2).</summary>
    public static bool VerifyRsa(PublicKey key, ReadOnlySpan<byte> hash, HashAlgorithmName digest, ReadOnlySpan<byte> signature)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(key.SubjectPublicKeyInfo.Span, out _);
            return rsa.VerifyHash(hash, signature, digest, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false; // the platform refuses such a signature or key
        }
    }

    /// <summary>ECDSA with an Ecdsa-Sig-Value (RFC 3279 §2.2.3).</summary>
    public static bool VerifyEcdsa(PublicKey key, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(key.SubjectPublicKeyInfo.Span, out _);
            return ecdsa.VerifyHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false; // the platform refuses such a signature or key
        }
    }
}
