using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace ServerlessCA.Core.Keys;

/// <summary>Holds the parameters of an RSASSA-PSS signature, and checks it (RFC 8017 §8.1.2, §9.1.2). Immutable. We do this
/// ourselves, because the platform supports only salts as long as the hash, while <c>openssl req</c> makes them as long as
/// possible, and BouncyCastle takes almost a second to load a key of 8192 bits.</summary>
/// <param name="Digest">The hash of the content.</param>
/// <param name="MaskDigest">The hash of the mask generation function MGF1.</param>
/// <param name="SaltLength">The length of the salt in octets.</param>
internal sealed record RsaPssParameters(HashAlgorithmName Digest, HashAlgorithmName MaskDigest, int SaltLength)
{
    private const int MaxSaltLength = 1024; // that of the longest key, 8192 bits
    private static readonly Asn1Tag HashTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag MaskTag = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag SaltTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag TrailerTag = new(TagClass.ContextSpecific, 3);

    /// <summary>Reads RSASSA-PSS-params with all their defaults (RFC 8017 A.2.3); null for hashes and masks that we do not
    /// know.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static RsaPssParameters? Decode(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        AsnReader parameters = reader.ReadSequence();
        reader.ThrowIfNotEmpty();

        HashAlgorithmName? digest = Optional(parameters, HashTag) is { } hash
            ? HashOf(AlgorithmIdentifier.Decode(hash)) : HashAlgorithmName.SHA1;
        HashAlgorithmName? maskDigest = Optional(parameters, MaskTag) is { } mask
            ? MaskHashOf(AlgorithmIdentifier.Decode(mask)) : HashAlgorithmName.SHA1;
        BigInteger saltLength = Optional(parameters, SaltTag) is { } salt ? Integer(salt) : 20;
        BigInteger trailer = Optional(parameters, TrailerTag) is { } field ? Integer(field) : 1;
        parameters.ThrowIfNotEmpty();

        bool known = digest is not null && maskDigest is not null && saltLength >= 0 && saltLength <= MaxSaltLength && trailer.IsOne;
        return known ? new(digest!.Value, maskDigest!.Value, (int)saltLength) : null;
    }

    /// <summary>Checks a signature over a hash.</summary>
    public bool Verify(PublicKey key, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        var rsa = new AsnReader(key.KeyBits, AsnEncodingRules.DER).ReadSequence();
        BigInteger modulus = rsa.ReadInteger();
        BigInteger exponent = rsa.ReadInteger();
        int bits = (int)modulus.GetBitLength();
        var number = new BigInteger(signature, isUnsigned: true, isBigEndian: true);
        if (signature.Length != (bits + 7) / 8 || number >= modulus)
        {
            return false;
        }

        BigInteger message = BigInteger.ModPow(number, exponent, modulus);
        byte[] encoded = new byte[(bits - 1 + 7) / 8]; // emLen = ⌈emBits / 8⌉, emBits = modBits - 1
        int length = message.GetByteCount(isUnsigned: true);
        return length <= encoded.Length
            && message.TryWriteBytes(encoded.AsSpan(encoded.Length - length), out _, isUnsigned: true, isBigEndian: true)
            && IsConsistent(encoded, bits - 1, hash);
    }

    // EMSA-PSS-VERIFY. EM = maskedDB ‖ H ‖ 0xbc; DB = 0…0 ‖ 1 ‖ salt; H = Hash(0 × 8 ‖ mHash ‖ salt)
    private bool IsConsistent(Span<byte> encoded, int bits, ReadOnlySpan<byte> hash)
    {
        int zeros = encoded.Length - hash.Length - SaltLength - 2;
        int unusedMask = 0xff >> ((8 * encoded.Length) - bits);
        if (zeros < 0 || encoded[^1] != 0xbc || (encoded[0] & ~unusedMask) != 0)
        {
            return false;
        }

        Span<byte> block = encoded[..(zeros + 1 + SaltLength)];
        ReadOnlySpan<byte> expected = encoded[block.Length..^1];
        RemoveMask(block, expected);
        block[0] &= (byte)unusedMask;
        bool padded = !block[..zeros].ContainsAnyExcept((byte)0) && block[zeros] == 1;

        using var second = IncrementalHash.CreateHash(Digest);
        second.AppendData(stackalloc byte[8]);
        second.AppendData(hash);
        second.AppendData(block[(zeros + 1)..]);
        return padded && expected.SequenceEqual(second.GetHashAndReset());
    }

    // MGF1 (RFC 8017 B.2.1): XOR with Hash(seed ‖ counter), counter of 4 octets from 0
    private void RemoveMask(Span<byte> block, ReadOnlySpan<byte> seed)
    {
        using var mask = IncrementalHash.CreateHash(MaskDigest);
        for (int counter = 0, at = 0; at < block.Length; counter++)
        {
            mask.AppendData(seed);
            mask.AppendData([(byte)(counter >> 24), (byte)(counter >> 16), (byte)(counter >> 8), (byte)counter]);
            foreach (byte octet in mask.GetHashAndReset().AsSpan(0, Math.Min(mask.HashLengthInBytes, block.Length - at)))
            {
                block[at++] ^= octet;
            }
        }
    }

    // Reads the only element inside an explicit tag.
    private static ReadOnlyMemory<byte>? Optional(AsnReader parameters, Asn1Tag tag)
    {
        if (!parameters.HasData || !parameters.PeekTag().HasSameClassAndValue(tag))
        {
            return null;
        }

        AsnReader tagged = parameters.ReadSequence(tag);
        ReadOnlyMemory<byte> element = tagged.ReadEncodedValue();
        tagged.ThrowIfNotEmpty();
        return element;
    }

    private static BigInteger Integer(ReadOnlyMemory<byte> der) => new AsnReader(der, AsnEncodingRules.DER).ReadInteger();

    private static HashAlgorithmName? MaskHashOf(AlgorithmIdentifier mask) =>
        mask is { Oid: AlgorithmOids.Mgf1, Parameters: { } hash } ? HashOf(AlgorithmIdentifier.Decode(hash)) : null;

    private static HashAlgorithmName? HashOf(AlgorithmIdentifier hash) => hash.Oid switch
    {
        _ when !hash.HasNoParameters && !hash.HasNullParameters => null,
        AlgorithmOids.Sha1 => HashAlgorithmName.SHA1,
        AlgorithmOids.Sha256 => HashAlgorithmName.SHA256,
        AlgorithmOids.Sha384 => HashAlgorithmName.SHA384,
        AlgorithmOids.Sha512 => HashAlgorithmName.SHA512,
        _ => null,
    };
}
