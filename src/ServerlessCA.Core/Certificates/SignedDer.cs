using System.Formats.Asn1;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Core.Certificates;

/// <summary>The outer form that certificates, CRLs and requests share: SEQUENCE { signed part, algorithm, BIT STRING }
/// (RFC 5280 §4.1, §5.1, RFC 2986 §4.2). Immutable.</summary>
/// <param name="Der">All of it.</param>
/// <param name="TbsDer">The signed part.</param>
/// <param name="AlgorithmDer">The AlgorithmIdentifier of the signature.</param>
/// <param name="Signature">The value of the BIT STRING, which has no unused bits.</param>
internal sealed record SignedDer(
    ReadOnlyMemory<byte> Der, ReadOnlyMemory<byte> TbsDer, ReadOnlyMemory<byte> AlgorithmDer, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Takes it apart.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static SignedDer Decode(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        AsnReader outer = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        ReadOnlyMemory<byte> tbs = outer.PeekEncodedValue();
        outer.ReadSequence();
        ReadOnlyMemory<byte> algorithm = outer.PeekEncodedValue();
        outer.ReadSequence();
        bool wholeOctets = outer.TryReadPrimitiveBitString(out int unusedBits, out ReadOnlyMemory<byte> signature) && unusedBits == 0;
        outer.ThrowIfNotEmpty();
        return wholeOctets ? new(der, tbs, algorithm, signature) : throw new AsnContentException("the signature has unused bits");
    }

    /// <summary>Puts it together.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> tbsDer, SignatureAlgorithm algorithm, ReadOnlySpan<byte> signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(tbsDer);
            algorithm.Write(writer);
            writer.WriteBitString(signature);
        }

        return writer.Encode();
    }

    /// <summary>Whether the key made the signature.</summary>
    public SignatureVerdict Verify(PublicKey key) =>
        SignatureVerifier.Verify(AlgorithmDer, key, SignedContent.Of(TbsDer), Signature);
}
