using System.Formats.Asn1;

namespace ServerlessCA.Core.Certificates;

/// <summary>Checks whether bytes are DER (X.690 §10, §11), for content whose meaning does not matter to us.</summary>
internal static class DerSyntax
{
    private const AsnEncodingRules Rules = AsnEncodingRules.DER;
    private const int MaxDepth = 32; // our decision: real content nests less, and the stack is finite

    /// <summary>Says whether the bytes are exactly one element with a definite length in the shortest form.</summary>
    public static bool IsOneElement(ReadOnlySpan<byte> der)
    {
        try
        {
            AsnDecoder.ReadEncodedValue(der, Rules, out _, out _, out int consumed);
            return consumed == der.Length;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>Says whether the bytes are exactly one element whose content is well-formed too, down to the form of booleans,
    /// integers, OIDs and wide strings. Does not check the order of sets.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> der)
    {
        try
        {
            return ElementLength(der, MaxDepth) == der.Length;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static int ElementLength(ReadOnlySpan<byte> der, int depth)
    {
        Asn1Tag tag = AsnDecoder.ReadEncodedValue(der, Rules, out int contentOffset, out int contentLength, out int length);
        if (depth == 0)
        {
            throw new AsnContentException("too deeply nested");
        }

        if (tag.TagClass == TagClass.Universal)
        {
            CheckForm(tag);
            CheckContent((UniversalTagNumber)tag.TagValue, der[..length], contentLength);
        }

        ReadOnlySpan<byte> content = der.Slice(contentOffset, contentLength);
        for (int at = 0; tag.IsConstructed && at < content.Length;)
        {
            at += ElementLength(content[at..], depth - 1);
        }

        return length;
    }

    private static void CheckForm(Asn1Tag tag)
    {
        var number = (UniversalTagNumber)tag.TagValue;
        bool mustBeConstructed = number is UniversalTagNumber.Sequence or UniversalTagNumber.Set
            or UniversalTagNumber.External or UniversalTagNumber.Embedded;
        if (number == UniversalTagNumber.EndOfContents || tag.IsConstructed != mustBeConstructed)
        {
            throw new AsnContentException("a tag that DER does not have");
        }
    }

    private static void CheckContent(UniversalTagNumber number, ReadOnlySpan<byte> der, int contentLength)
    {
        switch (number)
        {
            case UniversalTagNumber.Boolean:
                AsnDecoder.ReadBoolean(der, Rules, out _);
                break;
            case UniversalTagNumber.Integer:
                AsnDecoder.ReadIntegerBytes(der, Rules, out _);
                break;
            case UniversalTagNumber.Enumerated:
                AsnDecoder.ReadEnumeratedBytes(der, Rules, out _);
                break;
            case UniversalTagNumber.ObjectIdentifier:
                AsnDecoder.ReadObjectIdentifier(der, Rules, out _);
                break;
            case UniversalTagNumber.Null:
                AsnDecoder.ReadNull(der, Rules, out _);
                break;
            case UniversalTagNumber.BitString:
                AsnDecoder.TryReadPrimitiveBitString(der, Rules, out _, out _, out _);
                break;
            case UniversalTagNumber.BMPString when contentLength % 2 != 0: // X.690 §8.23.9: UCS-2
            case UniversalTagNumber.UniversalString when contentLength % 4 != 0: // X.690 §8.23.8: UCS-4
                throw new AsnContentException("a string with a part of a character");
            default:
                break; // holds any octets
        }
    }
}
