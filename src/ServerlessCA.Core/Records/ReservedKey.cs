using System.Formats.Asn1;
using System.Numerics;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Core.Records;

/// <summary>Which key a reservation stands for (contract 12.27). Whoever knows an RSA private key knows it for every public
/// exponent, so that one modulus is one key, however often its SubjectPublicKeyInfo changes.</summary>
/// <param name="Hash">RSA: SHA-256 of the modulus in big-endian octets, without leading zeros. Every other key, which has
/// one form only: SHA-256 of the DER SubjectPublicKeyInfo.</param>
/// <param name="Former">RSA only: SHA-256 of the SubjectPublicKeyInfo, under which reservations were made before; null for
/// other keys.</param>
public readonly record struct ReservedKey(KeyHash Hash, KeyHash? Former)
{
    /// <summary>Of a DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), whether or not the key policy accepts it.</summary>
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

    /// <summary>Of a key that the key policy accepts.</summary>
    public static ReservedKey Of(PublicKey key) => key.Reservation;

    /// <summary>Of the key in a row's certificate; null when it cannot be read.</summary>
    public static ReservedKey? Of(CertificateRecord row) =>
        row.Certificate is { } certificate && TryOf(certificate.SubjectPublicKeyInfo, out ReservedKey key) ? key : null;

    /// <exception cref="AsnContentException">An RSA key that cannot be read.</exception>
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
