using System.Formats.Asn1;

namespace ServerlessCA.Core.Keys;

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
