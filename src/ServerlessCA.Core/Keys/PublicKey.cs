using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Keys;

/// <summary>A subject's or a CA's public key that the key policy accepts (contract 12.1): RSA of 2048 to 8192 bits,
/// P-256, P-384, P-521, Ed25519, Ed448, ML-DSA-44, -65 and -87. Immutable.</summary>
public sealed class PublicKey
{
    private PublicKey(SubjectPublicKeyInfo info, PublicKeyAlgorithm algorithm, int? modulusBits)
    {
        SubjectPublicKeyInfo = info.Der;
        KeyBits = info.KeyBits;
        Algorithm = algorithm;
        ModulusBits = modulusBits;
        KeyIdentifier = KeyIdentifierOf(info.KeyBits.Span);
        Hash = KeyHash.Of(info.Der.Span);
        Reservation = ReservedKey.Of(info);
    }

    /// <summary>The key as DER (RFC 5280 §4.1.2.7), byte for byte as it was given.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    /// <summary>Its kind.</summary>
    public PublicKeyAlgorithm Algorithm { get; }

    /// <summary>Bits of the modulus; null unless the key is RSA.</summary>
    public int? ModulusBits { get; }

    /// <summary>SHA-1 of the bits of the key: 20 octets (RFC 5280 §4.2.1.2 method 1).</summary>
    public ReadOnlyMemory<byte> KeyIdentifier { get; }

    /// <summary>Which key this is: SHA-256 of its DER.</summary>
    public KeyHash Hash { get; }

    /// <summary>Which key a reservation of it stands for (contract 12.27).</summary>
    public ReservedKey Reservation { get; }

    /// <summary>The value of the subjectPublicKey BIT STRING.</summary>
    internal ReadOnlyMemory<byte> KeyBits { get; }

    /// <summary>Reads a DER SubjectPublicKeyInfo and applies the key policy.</summary>
    /// <param name="spki">Kept, not copied: do not change it afterwards.</param>
    /// <param name="key">The key, if it is accepted.</param>
    /// <param name="why">Else a message such as <c>public key is RSA with 1024 bits: 2048 to 8192 are accepted</c>.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> spki, [NotNullWhen(true)] out PublicKey? key, [NotNullWhen(false)] out string? why)
    {
        key = null;
        try
        {
            SubjectPublicKeyInfo info = Keys.SubjectPublicKeyInfo.Decode(spki);
            why = KeyPolicy.Check(info, out PublicKeyAlgorithm algorithm, out int? modulusBits);
            key = why is null ? new PublicKey(info, algorithm, modulusBits) : null;
        }
        catch (AsnContentException)
        {
            why = "public key is not well-formed DER: make the key and the request again";
        }

        return why is null;
    }

    /// <summary>Why the key must not be certified although it has an accepted form, as a whole refusal: anybody can find
    /// its private key (contract 12.27). Null when it may. Takes milliseconds for an RSA key.</summary>
    public string? WhyNotCertified() =>
        Algorithm == PublicKeyAlgorithm.Rsa && RsaKeyPolicy.WhyWeak(KeyBits) is { } why ? $"Key is weak: {why}" : null;

    /// <summary>Whether this is the same key: the same DER, byte for byte.</summary>
    public bool IsSameAs(PublicKey? other) =>
        other is not null && SubjectPublicKeyInfo.Span.SequenceEqual(other.SubjectPublicKeyInfo.Span);

    [SuppressMessage("Security", "CA5350", Justification = "An identifier, not a protection: RFC 5280 §4.2.1.2 wants SHA-1.")]
    private static byte[] KeyIdentifierOf(ReadOnlySpan<byte> keyBits) => SHA1.HashData(keyBits);
}

/// <summary>The parts of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). Immutable.</summary>
/// <param name="Der">All of it.</param>
/// <param name="AlgorithmOid">The algorithm.</param>
/// <param name="Parameters">The algorithm's parameters as DER; null when absent.</param>
/// <param name="KeyBits">The value of the BIT STRING, which has no unused bits.</param>
internal sealed record SubjectPublicKeyInfo(
    ReadOnlyMemory<byte> Der, string AlgorithmOid, ReadOnlyMemory<byte>? Parameters, ReadOnlyMemory<byte> KeyBits)
{
    /// <summary>Takes it apart.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static SubjectPublicKeyInfo Decode(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        AsnReader info = reader.ReadSequence();
        reader.ThrowIfNotEmpty();

        var (oid, parameters) = AlgorithmIdentifier.Read(info);
        bool wholeOctets = info.TryReadPrimitiveBitString(out int unusedBits, out ReadOnlyMemory<byte> keyBits) && unusedBits == 0;
        info.ThrowIfNotEmpty();
        return wholeOctets ? new(der, oid, parameters, keyBits) : throw new AsnContentException("the key has unused bits");
    }
}
