using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Core.Records;

/// <summary>Says which key a reservation stands for (contract 12.27). A person who knows an RSA private key knows it for every
/// public exponent, so one modulus is one key, however often its SubjectPublicKeyInfo changes.</summary>
/// <param name="Hash">For RSA the SHA-256 of the modulus in big-endian octets, without leading zeros. For every other key, which
/// has one form only, the SHA-256 of the DER SubjectPublicKeyInfo.</param>
/// <param name="Former">For RSA the SHA-256 of the SubjectPublicKeyInfo, under which reservations were made before; null for
/// other keys.</param>
public readonly record struct ReservedKey(KeyHash Hash, KeyHash? Former)
{
    /// <summary>Reads it from a DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), whether or not the key policy accepts the
    /// key.</summary>
    /// <returns>False when it cannot be read.</returns>
    public static bool TryOf(ReadOnlyMemory<byte> subjectPublicKeyInfo, out ReservedKey key)
    {
        try
        {
            key = Of(SubjectPublicKeyInfo.Decode(subjectPublicKeyInfo));
            return true;
        }
        catch (AsnContentException)
        {
            key = default;
            return false;
        }
    }

    /// <summary>Returns that of a key that the key policy accepts.</summary>
    public static ReservedKey Of(PublicKey key) => key.Reservation;

    /// <summary>Returns that of the key in a row's certificate; null when it cannot be read.</summary>
    public static ReservedKey? Of(CertificateRecord row) =>
        row.Certificate is { } certificate && TryOf(certificate.SubjectPublicKeyInfo, out ReservedKey key) ? key : null;

    /// <summary>Reads it from a decoded SubjectPublicKeyInfo.</summary>
    /// <exception cref="AsnContentException">An RSA key cannot be read.</exception>
    internal static ReservedKey Of(SubjectPublicKeyInfo info)
    {
        var spki = KeyHash.Of(info.Der.Span);
        return info.AlgorithmOid is AlgorithmOids.Rsa or AlgorithmOids.RsaPss ? new(OfModulus(info.KeyBits), spki) : new(spki, null);
    }

    // RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } (RFC 8017 A.1.1)
    private static KeyHash OfModulus(ReadOnlyMemory<byte> rsaPublicKey)
    {
        BigInteger modulus = new AsnReader(rsaPublicKey, AsnEncodingRules.DER).ReadSequence().ReadInteger();
        return modulus.Sign > 0
            ? KeyHash.Of(modulus.ToByteArray(isUnsigned: true, isBigEndian: true))
            : throw new AsnContentException("the modulus is not positive");
    }
}

/// <summary>Identifies a public key by a SHA-256, 64 lower-case hex digits: of its DER SubjectPublicKeyInfo in the attribute
/// <c>PublicKeyHash</c> (our decision), of what <see cref="ReservedKey"/> says in a reservation.</summary>
public readonly record struct KeyHash
{
    private KeyHash(string hex) => Hex = hex;

    /// <summary>Gets the 64 lower-case hex digits.</summary>
    public string Hex { get; }

    /// <summary>Hashes the octets that identify a key: a DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), or an RSA
    /// modulus.</summary>
    public static KeyHash Of(ReadOnlySpan<byte> octets) => new(Convert.ToHexStringLower(SHA256.HashData(octets)));

    /// <summary>Reads the digits that a store returned.</summary>
    /// <exception cref="FormatException">The text is not 64 lower-case hex digits.</exception>
    public static KeyHash FromHex(string hex)
    {
        bool wellFormed = hex.Length == 64 && hex.All(char.IsAsciiHexDigitLower);
        return wellFormed ? new(hex) : throw new FormatException($"'{hex}' is not a SHA-256 in lower-case hex");
    }

    /// <inheritdoc/>
    public override string ToString() => Hex;
}
