using System.Globalization;
using System.Numerics;

namespace ServerlessCA.Core.Keys;

/// <summary>One of the NIST curves y² = x³ - 3x + b over a prime field, cofactor 1 (FIPS 186-5, SP 800-186 §3.2.1). Immutable.</summary>
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

    /// <summary>Keys on this curve.</summary>
    public PublicKeyAlgorithm Algorithm { get; }

    /// <summary>Such as <c>P-256</c>.</summary>
    public string Name => KeyKind.Of(Algorithm).Name;

    /// <summary>The curve of an OID (RFC 5480 §2.1.1.1); null for others.</summary>
    public static EcCurve? Find(string oid) =>
        KeyKind.Find(AlgorithmOids.EcPublicKey, oid) is { } kind ? Array.Find(All, curve => curve.Algorithm == kind.Algorithm) : null;

    /// <summary>Whether two coordinates of full length, x then y, are a point of the curve. As the cofactor
    /// is 1, every such point has the right order (SP 800-56A §5.6.2.3.4).</summary>
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
