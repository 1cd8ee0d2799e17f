using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Local.Keys;

/// <summary>Makes key pairs.</summary>
internal static class NewKey
{
    private const int SeedBytes = 32; // FIPS 204 §3.6.1, RFC 9881 §6

    /// <summary>DER PrivateKeyInfo of a new key; the caller zeroes it.</summary>
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

    // The seed alone: the form that RFC 9881 §6 recommends, and the shortest to keep.
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
