using System.Formats.Asn1;
using System.Numerics;

namespace ServerlessCA.Core.Keys;

/// <summary>Which RSA keys are accepted (contract 12.1), and which of them are certified (contract 12.27).</summary>
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

    /// <summary>Says why an accepted key must not be certified all the same (contract 12.27); null when it may.</summary>
    public static string? WhyWeak(ReadOnlyMemory<byte> keyBits) => WeakRsaKey.Why(Read(keyBits).Modulus);

    /// <summary>The public exponent of an accepted key.</summary>
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
