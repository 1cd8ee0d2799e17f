using System.Security.Cryptography;

namespace ServerlessCA.Core.Records;

/// <summary>A SHA-256 that says which public key, 64 lower-case hex digits: of its DER SubjectPublicKeyInfo in the
/// attribute <c>PublicKeyHash</c> (our decision), of what <see cref="ReservedKey"/> says in a reservation.</summary>
public readonly record struct KeyHash
{
    private KeyHash(string hex) => Hex = hex;

    /// <summary>64 lower-case hex digits.</summary>
    public string Hex { get; }

    /// <summary>Of the octets that say which key: a DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), or an RSA modulus.</summary>
    public static KeyHash Of(ReadOnlySpan<byte> octets) => new(Convert.ToHexStringLower(SHA256.HashData(octets)));

    /// <summary>From the digits that a store gave back.</summary>
    /// <exception cref="FormatException">Not 64 lower-case hex digits.</exception>
    public static KeyHash FromHex(string hex)
    {
        bool wellFormed = hex.Length == 64 && hex.All(char.IsAsciiHexDigitLower);
        return wellFormed ? new(hex) : throw new FormatException($"'{hex}' is not a SHA-256 in lower-case hex");
    }

    /// <inheritdoc/>
    public override string ToString() => Hex;
}
