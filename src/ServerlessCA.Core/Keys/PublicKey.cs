using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Keys;

/// <summary>A subject's or a CA's public key, which the key policy accepts (contract 12.1): RSA of 2048 to 8192 bits, P-256,
/// P-384, P-521, Ed25519, Ed448, ML-DSA-44, -65 and -87. Immutable.</summary>
public sealed class PublicKey
{
    private ConcurrentBag<ECDsa>? imported;

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

    /// <summary>Gets the key as DER (RFC 5280 §4.1.2.7), byte for byte as it was given.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    /// <summary>Gets the kind of the key.</summary>
    public PublicKeyAlgorithm Algorithm { get; }

    /// <summary>Gets the bits of the modulus; null unless the key is RSA.</summary>
    public int? ModulusBits { get; }

    /// <summary>Gets SHA-1 of the key's bits: 20 octets (RFC 5280 §4.2.1.2 method 1).</summary>
    public ReadOnlyMemory<byte> KeyIdentifier { get; }

    /// <summary>Gets SHA-256 of the key's DER, which says which key this is.</summary>
    public KeyHash Hash { get; }

    /// <summary>Gets what reserves the key in the ledger (contract 12.27).</summary>
    public ReservedKey Reservation { get; }

    /// <summary>Gets the value of the subjectPublicKey BIT STRING.</summary>
    internal ReadOnlyMemory<byte> KeyBits { get; }

    /// <summary>Reads a DER SubjectPublicKeyInfo and applies the key policy.</summary>
    /// <param name="spki">Used without a copy: do not change it afterwards.</param>
    /// <param name="key">The key; null when it is refused.</param>
    /// <param name="why">The reason, such as <c>public key is RSA with 1024 bits: 2048 to 8192 are accepted</c>; null when it
    /// is accepted.</param>
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

    /// <summary>Says why the key must not be certified although its form is accepted: anybody can find its private key
    /// (contract 12.27). The text is a whole refusal; null when the key may be certified. Takes milliseconds for an RSA
    /// key.</summary>
    public string? WhyNotCertified() =>
        Algorithm == PublicKeyAlgorithm.Rsa && RsaKeyPolicy.WhyWeak(KeyBits) is { } why ? $"Key is weak: {why}" : null;

    /// <summary>Imports an EC key not for every check, which takes twice as long as the check, but for as many as run at the same time. For
    /// keys of CAs, which check every certificate.</summary>
    internal void KeepImported() => imported ??= [];

    /// <summary>Returns an EC key as the platform holds it, for one thread: the platform does not promise that several may use it. Dispose of
    /// it after the check.</summary>
    /// <exception cref="CryptographicException">The platform refuses it.</exception>
    internal ImportedKey Import() => new(imported?.TryTake(out ECDsa? idle) is true ? idle : ImportEcdsa(), imported);

    private ECDsa ImportEcdsa()
    {
        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportSubjectPublicKeyInfo(SubjectPublicKeyInfo.Span, out _);
            return ecdsa;
        }
        catch (CryptographicException)
        {
            ecdsa.Dispose();
            throw;
        }
    }

    /// <summary>Says whether both are the same key: the same DER, byte for byte.</summary>
    public bool IsSameAs(PublicKey? other) =>
        other is not null && SubjectPublicKeyInfo.Span.SequenceEqual(other.SubjectPublicKeyInfo.Span);

    [SuppressMessage("Security", "CA5350", Justification = "An identifier, not a protection: RFC 5280 §4.2.1.2 wants SHA-1.")]
    private static byte[] KeyIdentifierOf(ReadOnlySpan<byte> keyBits) => SHA1.HashData(keyBits);
}

/// <summary>Is a key that the platform has imported. When it is disposed of, it goes back to the others of its kind, or away.</summary>
/// <param name="key">For one thread.</param>
/// <param name="others">Where it waits for the next check; null: nowhere.</param>
internal readonly struct ImportedKey(ECDsa key, ConcurrentBag<ECDsa>? others) : IDisposable
{
    /// <summary>Gets the key, for one thread.</summary>
    public ECDsa Key => key;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (others is null)
        {
            key.Dispose();
        }
        else
        {
            others.Add(key);
        }
    }
}

/// <summary>Holds the parts of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). Immutable.</summary>
/// <param name="Der">The whole element.</param>
/// <param name="AlgorithmOid">The algorithm, dotted.</param>
/// <param name="Parameters">The algorithm's parameters as DER; null when absent.</param>
/// <param name="KeyBits">The value of the BIT STRING, which has no unused bits.</param>
internal sealed record SubjectPublicKeyInfo(
    ReadOnlyMemory<byte> Der, string AlgorithmOid, ReadOnlyMemory<byte>? Parameters, ReadOnlyMemory<byte> KeyBits)
{
    /// <summary>Splits an element into its parts.</summary>
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
