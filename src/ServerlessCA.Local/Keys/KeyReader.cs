using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Keys;

/// <summary>Makes a signing key of a DER PrivateKeyInfo, and tries it once: of a damaged file the parts may each be
/// readable and yet not belong together.</summary>
internal static class KeyReader
{
    /// <summary>Reads a key.</summary>
    /// <exception cref="CryptographicException">Damaged.</exception>
    /// <exception cref="AsnContentException">Damaged.</exception>
    /// <exception cref="FormatException">A key of another kind or size; the message says what to do.</exception>
    public static ICaKey Read(byte[] keyInfo)
    {
        KeyKind? kind = KeyAlgorithm.KindOf(keyInfo);
        if (kind?.Algorithm == PublicKeyAlgorithm.Rsa)
        {
            return ReadRsa(keyInfo);
        }

        return kind is not null && KeySpecs.Find(kind.Algorithm, modulusBits: null) is { } spec
            ? KeyAlgorithm.CurveOf(kind) is null ? ReadMlDsa(keyInfo, spec) : ReadEc(keyInfo, spec)
            : throw OtherKind();
    }

    private static PlatformKey ReadRsa(byte[] keyInfo)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportPkcs8PrivateKey(keyInfo, out int read);
            KeySpec spec = KeySpecs.Find(PublicKeyAlgorithm.Rsa, rsa.KeySize) ?? throw OtherKind();
            byte[] digest = SHA256.HashData(keyInfo.AsSpan(0, 1));
            byte[] signature = rsa.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            Expect(read == keyInfo.Length
                && rsa.VerifyHash(digest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            return PlatformKey.Of(rsa, spec);
        }
        catch
        {
            rsa.Dispose();
            throw;
        }
    }

    private static PlatformKey ReadEc(byte[] keyInfo, KeySpec spec)
    {
        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportPkcs8PrivateKey(keyInfo, out int read);
            byte[] digest = SHA256.HashData(keyInfo.AsSpan(0, 1));
            Expect(read == keyInfo.Length && ecdsa.VerifyHash(digest, ecdsa.SignHash(digest)));
            return PlatformKey.Of(ecdsa, spec);
        }
        catch
        {
            ecdsa.Dispose();
            throw;
        }
    }

    // The library compares seed and expanded key where a file holds both (RFC 9881 §8.2).
    private static MlDsaFileKey ReadMlDsa(byte[] keyInfo, KeySpec spec)
    {
        try
        {
            return PrivateKeyFactory.CreateKey(keyInfo) is MLDsaPrivateKeyParameters key
                ? new MlDsaFileKey(key, spec)
                : throw OtherKind();
        }
        catch (Exception error) when (error is ArgumentException or IOException or InvalidOperationException or SecurityUtilityException)
        {
            throw new CryptographicException("It is not an ML-DSA key as RFC 9881 has it.", error);
        }
    }

    private static void Expect(bool sound)
    {
        if (!sound)
        {
            throw new CryptographicException("Its parts do not belong together.");
        }
    }

    private static FormatException OtherKind() => new(
        "is of another kind. Use RSA with 2048, 3072 or 4096 bits, EC on P-256, P-384 or P-521, or ML-DSA-44, -65 or -87.");
}
