using System.Security.Cryptography;

namespace ServerlessCA.Core.Records;

/// <summary>Which public key: SHA-256 of the DER SubjectPublicKeyInfo, 64 lower-case hex digits.
/// Our decision: it names a key in the reservation table and in the attribute <c>PublicKeyHash</c>.</summary>
public readonly record struct KeyHash
{
    private KeyHash(string hex) => Hex = hex;

    /// <summary>64 lower-case hex digits.</summary>
    public string Hex { get; }

    /// <summary>Of a DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).</summary>
    public static KeyHash Of(ReadOnlySpan<byte> subjectPublicKeyInfo) =>
        new(Convert.ToHexStringLower(SHA256.HashData(subjectPublicKeyInfo)));

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
