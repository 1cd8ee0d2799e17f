using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Local.Keys;

/// <summary>How the specs look in files and to the libraries.</summary>
internal static class KeyAlgorithm
{
    private const string Rsa = "1.2.840.113549.1.1.1"; // RFC 8017, appendix C
    private const string Ec = "1.2.840.10045.2.1"; // RFC 5480 §2.1.1

    private static readonly Dictionary<string, KeySpec> Curves = new() // RFC 5480 §2.1.1.1
    {
        ["1.2.840.10045.3.1.7"] = KeySpec.EccNistP256,
        ["1.3.132.0.34"] = KeySpec.EccNistP384,
        ["1.3.132.0.35"] = KeySpec.EccNistP521,
    };

    private static readonly Dictionary<string, KeySpec> MlDsas = new() // RFC 9881 §2
    {
        ["2.16.840.1.101.3.4.3.17"] = KeySpec.MlDsa44,
        ["2.16.840.1.101.3.4.3.18"] = KeySpec.MlDsa65,
        ["2.16.840.1.101.3.4.3.19"] = KeySpec.MlDsa87,
    };

    /// <summary>Kind of key in a DER PrivateKeyInfo, RSA still without its size; null when it is none of ours.</summary>
    /// <exception cref="AsnContentException">Not a PrivateKeyInfo.</exception>
    public static KeySpec? KindOf(ReadOnlyMemory<byte> keyInfo)
    {
        AsnReader info = new AsnReader(keyInfo, AsnEncodingRules.DER).ReadSequence();
        info.ReadIntegerBytes(); // version
        AsnReader algorithm = info.ReadSequence();
        string oid = algorithm.ReadObjectIdentifier();
        bool namedCurve = oid == Ec && algorithm.HasData && algorithm.PeekTag() == Asn1Tag.ObjectIdentifier;
        return oid == Rsa ? KeySpec.Rsa2048
            : namedCurve && Curves.TryGetValue(algorithm.ReadObjectIdentifier(), out KeySpec curve) ? curve
            : MlDsas.TryGetValue(oid, out KeySpec mlDsa) ? mlDsa
            : null;
    }

    /// <summary>The spec of an RSA key of this many bits, or null.</summary>
    public static KeySpec? RsaOf(int bits) => bits switch
    {
        2048 => KeySpec.Rsa2048,
        3072 => KeySpec.Rsa3072,
        4096 => KeySpec.Rsa4096,
        _ => null,
    };

    /// <summary>Bits of the modulus; null when the spec is not RSA.</summary>
    public static int? RsaBits(KeySpec spec) => spec switch
    {
        KeySpec.Rsa2048 => 2048,
        KeySpec.Rsa3072 => 3072,
        KeySpec.Rsa4096 => 4096,
        _ => null,
    };

    /// <summary>Curve and the hash that goes with it (RFC 5480 §4); null when the spec is not EC.</summary>
    public static (ECCurve Curve, HashAlgorithmName Hash)? CurveOf(KeySpec spec) => spec switch
    {
        KeySpec.EccNistP256 => (ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256),
        KeySpec.EccNistP384 => (ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384),
        KeySpec.EccNistP521 => (ECCurve.NamedCurves.nistP521, HashAlgorithmName.SHA512),
        _ => null,
    };

    /// <summary>The pure parameter set; null when the spec is not ML-DSA.</summary>
    public static MLDsaParameters? MlDsaOf(KeySpec spec) => spec switch
    {
        KeySpec.MlDsa44 => MLDsaParameters.ml_dsa_44,
        KeySpec.MlDsa65 => MLDsaParameters.ml_dsa_65,
        KeySpec.MlDsa87 => MLDsaParameters.ml_dsa_87,
        _ => null,
    };
}
