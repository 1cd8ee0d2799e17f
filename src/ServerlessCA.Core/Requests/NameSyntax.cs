using System.Formats.Asn1;
using System.Text;
using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Requests;

/// <summary>Whether bytes are a Name (RFC 5280 §4.1.2.4) that others can read: its structure, its kinds of strings and
/// the encoding of its Unicode strings. What it says is for others to judge.</summary>
internal static class NameSyntax
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding Utf16 = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly UTF32Encoding Utf32 = new(bigEndian: true, byteOrderMark: false, throwOnInvalidCharacters: true);

    /// <summary>Whether they are.</summary>
    public static bool IsWellFormed(ReadOnlyMemory<byte> der)
    {
        try
        {
            return DerSyntax.IsWellFormed(der.Span) && IsName(new AsnReader(der, AsnEncodingRules.DER));
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    // SEQUENCE OF SET SIZE (1..MAX) OF SEQUENCE { type OID, value }
    private static bool IsName(AsnReader reader)
    {
        AsnReader name = reader.ReadSequence();
        while (name.HasData)
        {
            AsnReader attributes = name.ReadSetOf(skipSortOrderValidation: true);
            if (!attributes.HasData)
            {
                return false;
            }

            while (attributes.HasData)
            {
                AsnReader attribute = attributes.ReadSequence();
                attribute.ReadObjectIdentifier();
                ReadOnlyMemory<byte> value = attribute.ReadEncodedValue();
                attribute.ThrowIfNotEmpty();
                if (!IsString(value.Span))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool IsString(ReadOnlySpan<byte> der)
    {
        Asn1Tag tag = AsnDecoder.ReadEncodedValue(der, AsnEncodingRules.DER, out int offset, out int length, out _);
        ReadOnlySpan<byte> content = der.Slice(offset, length);
        return tag.TagClass == TagClass.Universal && (UniversalTagNumber)tag.TagValue switch
        {
            UniversalTagNumber.UTF8String => IsText(Utf8, content),
            UniversalTagNumber.BMPString => IsText(Utf16, content) && !HasSurrogates(content),
            UniversalTagNumber.UniversalString => IsText(Utf32, content),
            UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.NumericString
                or UniversalTagNumber.TeletexString or UniversalTagNumber.BitString => true,
            _ => false,
        };
    }

    private static bool IsText(Encoding encoding, ReadOnlySpan<byte> content)
    {
        try
        {
            encoding.GetCharCount(content);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    // BMPString has the basic plane only: pairs of surrogates are not characters of it (X.680 §41.15).
    private static bool HasSurrogates(ReadOnlySpan<byte> content)
    {
        bool found = false;
        for (int at = 0; at < content.Length; at += 2)
        {
            found |= content[at] is >= 0xd8 and <= 0xdf;
        }

        return found;
    }
}
