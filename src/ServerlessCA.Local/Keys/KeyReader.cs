using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Keys;

/// <summary>Makes a signing key from a DER PrivateKeyInfo, and tries it once: the parts of a damaged file may each be
/// readable and yet not belong together.</summary>
internal static class KeyReader
{
    /// <summary>Reads a key.</summary>
    /// <exception cref="CryptographicException">The key is damaged.</exception>
    /// <exception cref="AsnContentException">The key is damaged.</exception>
    /// <exception cref="FormatException">The key is of another kind or size. The message says what to do.</exception>
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

/// <summary>Generates key pairs.</summary>
internal static class NewKey
{
    private const int SeedBytes = 32; // FIPS 204 §3.6.1, RFC 9881 §6

    /// <summary>Returns the DER PrivateKeyInfo of a new key. The caller zeroes it.</summary>
    public static byte[] Generate(KeySpec spec)
    {
        if (KeySpecs.ModulusBits(spec) is { } bits)
        {
            using var rsa = RSA.Create(bits);
            return rsa.ExportPkcs8PrivateKey();
        }

        if (KeyAlgorithm.CurveOf(KeySpecs.KindOf(spec)) is { } curve)
        {
            using var ecdsa = ECDsa.Create(curve);
            return ecdsa.ExportPkcs8PrivateKey();
        }

        return GenerateMlDsa(KeyAlgorithm.MlDsaOf(spec) ?? throw new ArgumentOutOfRangeException(nameof(spec)));
    }

    // Stores the seed alone: the form that RFC 9881 §6 recommends, and the shortest.
    private static byte[] GenerateMlDsa(MLDsaParameters parameters)
    {
#pragma warning disable RS0030 // Key files draw their own randomness: nobody must be able to choose a key.
        byte[] seed = RandomNumberGenerator.GetBytes(SeedBytes);
#pragma warning restore RS0030
        try
        {
            var key = MLDsaPrivateKeyParameters.FromSeed(parameters, seed, MLDsaPrivateKeyParameters.Format.SeedOnly);
            return PrivateKeyInfoFactory.CreatePrivateKeyInfo(key).GetDerEncoded();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }
}

/// <summary>Translates between our key specs, key files and the libraries.</summary>
internal static class KeyAlgorithm
{
    /// <summary>Returns the kind of key in a DER PrivateKeyInfo; null if it is none of ours.</summary>
    /// <exception cref="AsnContentException">It is no PrivateKeyInfo.</exception>
    public static KeyKind? KindOf(ReadOnlyMemory<byte> keyInfo)
    {
        AsnReader info = new AsnReader(keyInfo, AsnEncodingRules.DER).ReadSequence();
        info.ReadIntegerBytes(); // version
        AsnReader algorithm = info.ReadSequence();
        string oid = algorithm.ReadObjectIdentifier();
        bool hasCurve = algorithm.HasData && algorithm.PeekTag() == Asn1Tag.ObjectIdentifier;
        return KeyKind.Find(oid, hasCurve ? algorithm.ReadObjectIdentifier() : null);
    }

    /// <summary>Returns the curve of a kind; null if it is not EC.</summary>
    public static ECCurve? CurveOf(KeyKind kind) => kind.CurveOid.Length > 0 ? ECCurve.CreateFromValue(kind.CurveOid) : null;

    /// <summary>Returns the pure parameter set; null if the spec is not ML-DSA.</summary>
    public static MLDsaParameters? MlDsaOf(KeySpec spec) => spec switch
    {
        KeySpec.MlDsa44 => MLDsaParameters.ml_dsa_44,
        KeySpec.MlDsa65 => MLDsaParameters.ml_dsa_65,
        KeySpec.MlDsa87 => MLDsaParameters.ml_dsa_87,
        _ => null,
    };
}
