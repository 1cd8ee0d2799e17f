using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;

namespace ServerlessCA.Core.Keys;

/// <summary>Decides which public keys are accepted (contract 12.1).</summary>
internal static class KeyPolicy
{
    private const string Accepted = "use RSA, P-256, P-384, P-521, Ed25519, Ed448 or ML-DSA";

    /// <summary>Says why a key is refused; null when it is accepted.</summary>
    public static string? Check(SubjectPublicKeyInfo info, out PublicKeyAlgorithm algorithm, out int? modulusBits)
    {
        algorithm = default;
        modulusBits = null;
        switch (info.AlgorithmOid)
        {
            case AlgorithmOids.Rsa:
                algorithm = PublicKeyAlgorithm.Rsa;
                return RsaKeyPolicy.Check(info, out modulusBits);
            case AlgorithmOids.EcPublicKey:
                return EcKeyPolicy.Check(info, out algorithm);
            default:
                return CheckFixedLength(info, out algorithm);
        }
    }

    // Ed25519, Ed448: RFC 8410 §3, §4. ML-DSA: RFC 9881 §2, §4. Parameters must be absent.
    private static string? CheckFixedLength(SubjectPublicKeyInfo info, out PublicKeyAlgorithm algorithm)
    {
        algorithm = default;
        if (KeyKind.Find(info.AlgorithmOid) is not { KeyOctets: { } octets } kind)
        {
            return $"public key algorithm {info.AlgorithmOid} is not accepted: {Accepted}";
        }

        algorithm = kind.Algorithm;
        return info.Parameters is not null ? $"public key is {kind.Name} with parameters: they must be absent"
            : info.KeyBits.Length != octets ? $"public key is {kind.Name} with {info.KeyBits.Length} octets: {octets} are right"
            : SoftwareSignatures.IsPoint(algorithm, info.KeyBits.Span) ? null
            : $"public key is {kind.Name} but not a point of its curve: make the key again";
    }
}

/// <summary>Decides which RSA keys are accepted (contract 12.1), and which of them are certified (contract 12.27).</summary>
internal static class RsaKeyPolicy
{
    private const int MinBits = 2048; // contract 12.1
    private const int MaxBits = 8192; // contract 12.1: larger ones only cost time
    private const int MinExponent = 65537; // FIPS 186-5 §5.1: above 2^16
    private const int MaxExponentBits = 64; // our decision: OpenSSL verifies no more with moduli over 3072 bits

    /// <summary>Says why a key is refused; null when it is accepted.</summary>
    /// <exception cref="AsnContentException">Not an RSAPublicKey (RFC 8017 A.1.1).</exception>
    public static string? Check(SubjectPublicKeyInfo info, out int? modulusBits)
    {
        modulusBits = null;
        var identifier = new AlgorithmIdentifier(info.AlgorithmOid, info.Parameters);
        if (!identifier.HasNullParameters)
        {
            return "public key is RSA without NULL parameters: they are required (RFC 3279 2.3.1)";
        }

        (BigInteger modulus, BigInteger exponent) = Read(info.KeyBits);
        modulusBits = modulus.Sign > 0 ? (int)modulus.GetBitLength() : 0;
        return CheckModulus(modulus, modulusBits.Value) ?? CheckExponent(exponent);
    }

    /// <summary>Says why an accepted key must still not be certified (contract 12.27); null when it may.</summary>
    public static string? WhyWeak(ReadOnlyMemory<byte> keyBits) => WeakRsaKey.Why(Read(keyBits).Modulus);

    /// <summary>Returns the public exponent of an accepted key.</summary>
    public static BigInteger ExponentOf(ReadOnlyMemory<byte> keyBits) => Read(keyBits).Exponent;

    private static (BigInteger Modulus, BigInteger Exponent) Read(ReadOnlyMemory<byte> keyBits)
    {
        var reader = new AsnReader(keyBits, AsnEncodingRules.DER);
        AsnReader key = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        (BigInteger Modulus, BigInteger Exponent) read = (key.ReadInteger(), key.ReadInteger());
        key.ThrowIfNotEmpty();
        return read;
    }

    private static string? CheckModulus(BigInteger modulus, int bits) =>
        bits is < MinBits or > MaxBits ? $"public key is RSA with {bits} bits: {MinBits} to {MaxBits} are accepted"
        : modulus.IsEven ? "public key is RSA with an even modulus: make the key again"
        : null;

    private static string? CheckExponent(BigInteger exponent) =>
        exponent < MinExponent || exponent.IsEven || exponent.GetBitLength() > MaxExponentBits
            ? $"public key is RSA with an exponent that is not accepted: use {MinExponent}"
            : null;
}

/// <summary>Decides which EC keys are accepted (contract 12.1): those on named curves with uncompressed points (RFC 5480
/// §2.1.1, §2.2).</summary>
internal static class EcKeyPolicy
{
    private const byte Uncompressed = 4; // SEC 1 §2.3.3

    /// <summary>Says why a key is refused; null when it is accepted.</summary>
    public static string? Check(SubjectPublicKeyInfo info, out PublicKeyAlgorithm algorithm)
    {
        algorithm = default;
        if (info.Parameters is not { } parameters || !TryReadOid(parameters, out string? curveOid))
        {
            return "public key is EC without a named curve: use P-256, P-384 or P-521";
        }

        if (EcCurve.Find(curveOid) is not { } curve)
        {
            return $"public key is EC on curve {curveOid}: use P-256, P-384 or P-521";
        }

        algorithm = curve.Algorithm;
        ReadOnlySpan<byte> point = info.KeyBits.Span;
        return point.IsEmpty || point[0] != Uncompressed ? "public key is EC with a compressed point: use the uncompressed form"
            : curve.Contains(point[1..]) ? null
            : $"public key is EC but not a point of {curve.Name}: make the key again";
    }

    private static bool TryReadOid(ReadOnlyMemory<byte> der, out string oid)
    {
        oid = "";
        if (der.Span[0] != (byte)UniversalTagNumber.ObjectIdentifier)
        {
            return false;
        }

        var reader = new AsnReader(der, AsnEncodingRules.DER);
        oid = reader.ReadObjectIdentifier();
        return true;
    }
}

/// <summary>Describes one of the NIST curves y² = x³ - 3x + b over a prime field, cofactor 1 (FIPS 186-5, SP 800-186 §3.2.1).
/// Immutable.</summary>
internal sealed class EcCurve
{
    private static readonly EcCurve P256 = new(PublicKeyAlgorithm.EcP256, fieldBits: 256,
        BigInteger.Pow(2, 256) - BigInteger.Pow(2, 224) + BigInteger.Pow(2, 192) + BigInteger.Pow(2, 96) - 1,
        "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

    private static readonly EcCurve P384 = new(PublicKeyAlgorithm.EcP384, fieldBits: 384,
        BigInteger.Pow(2, 384) - BigInteger.Pow(2, 128) - BigInteger.Pow(2, 96) + BigInteger.Pow(2, 32) - 1,
        "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef");

    private static readonly EcCurve P521 = new(PublicKeyAlgorithm.EcP521, fieldBits: 521,
        BigInteger.Pow(2, 521) - 1,
        "51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00");

    private static readonly EcCurve[] All = [P256, P384, P521];

    private readonly BigInteger prime;
    private readonly BigInteger b;
    private readonly int fieldOctets;

    private EcCurve(PublicKeyAlgorithm algorithm, int fieldBits, BigInteger prime, string b)
    {
        Algorithm = algorithm;
        fieldOctets = (fieldBits + 7) / 8;
        this.prime = prime;
        this.b = BigInteger.Parse("0" + b, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    /// <summary>Gets the kind of the keys on this curve.</summary>
    public PublicKeyAlgorithm Algorithm { get; }

    /// <summary>Gets the curve's name, such as <c>P-256</c>.</summary>
    public string Name => KeyKind.Of(Algorithm).Name;

    /// <summary>Finds the curve of an OID (RFC 5480 §2.1.1.1); null for others.</summary>
    public static EcCurve? Find(string oid) =>
        KeyKind.Find(AlgorithmOids.EcPublicKey, oid) is { } kind ? Array.Find(All, curve => curve.Algorithm == kind.Algorithm) : null;

    /// <summary>Checks whether two coordinates of full length, x then y, are a point of the curve. As the cofactor is 1, every
    /// such point has the right order (SP 800-56A §5.6.2.3.4).</summary>
    public bool Contains(ReadOnlySpan<byte> coordinates)
    {
        if (coordinates.Length != 2 * fieldOctets)
        {
            return false;
        }

        var x = new BigInteger(coordinates[..fieldOctets], isUnsigned: true, isBigEndian: true);
        var y = new BigInteger(coordinates[fieldOctets..], isUnsigned: true, isBigEndian: true);
        BigInteger difference = (y * y) - (((x * x) - 3) * x) - b;
        return x < prime && y < prime && (difference % prime).IsZero;
    }
}
