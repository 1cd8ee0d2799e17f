using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Text;
using System.Text.Unicode;

namespace ServerlessCA.Core.Names;

/// <summary>Attribute values between DER and text.</summary>
internal static class NameString
{
    /// <summary>Counts the characters (Unicode scalar values) of a text.</summary>
    /// <returns>False for a lone surrogate, which no encoding can carry.</returns>
    public static bool TryCount(string text, out int count)
    {
        count = 0;
        for (int i = 0; i < text.Length; count++)
        {
            if (!Rune.TryGetRuneAt(text, i, out Rune rune))
            {
                return false;
            }

            i += rune.Utf16SequenceLength;
        }

        return true;
    }

    /// <summary>Reads one DER value; what is no text comes back as <see cref="NameStringType.Other"/>.</summary>
    /// <exception cref="AsnContentException">A string in constructed form, which DER forbids (X.690 §10.2).</exception>
    public static NameAttribute Read(string oid, ReadOnlyMemory<byte> der)
    {
        Asn1Tag tag = AsnDecoder.ReadEncodedValue(der.Span, AsnEncodingRules.DER, out int start, out int length, out _);
        NameStringType type = tag.TagClass == TagClass.Universal ? TypeOf(tag.TagValue) : NameStringType.Other;
        if (type != NameStringType.Other && tag.IsConstructed)
        {
            throw new AsnContentException("A string is in constructed form");
        }

        return TryDecode(type, der.Span.Slice(start, length), out string? text)
            ? new NameAttribute(oid, type, text)
            : new NameAttribute(oid, NameStringType.Other, "#" + Convert.ToHexStringLower(der.Span));
    }

    /// <summary>Writes a value as one of the three types that RFC 5280 §4.1.2.4 leaves to new names.</summary>
    /// <exception cref="ArgumentException">Another type, or characters the type has not.</exception>
    public static void Write(AsnWriter writer, NameAttribute attribute) => writer.WriteCharacterString(
        attribute.StringType switch
        {
            NameStringType.Utf8String => UniversalTagNumber.UTF8String,
            NameStringType.PrintableString => UniversalTagNumber.PrintableString,
            NameStringType.Ia5String => UniversalTagNumber.IA5String,
            _ => throw new ArgumentException($"{attribute.StringType} is only read, never written", nameof(attribute)),
        },
        attribute.Value);

    private static NameStringType TypeOf(int tag) => (UniversalTagNumber)tag switch
    {
        UniversalTagNumber.UTF8String => NameStringType.Utf8String,
        UniversalTagNumber.PrintableString => NameStringType.PrintableString,
        UniversalTagNumber.IA5String => NameStringType.Ia5String,
        UniversalTagNumber.T61String => NameStringType.T61String,
        UniversalTagNumber.BMPString => NameStringType.BmpString,
        UniversalTagNumber.NumericString => NameStringType.NumericString,
        UniversalTagNumber.UniversalString => NameStringType.UniversalString,
        UniversalTagNumber.VisibleString => NameStringType.VisibleString,
        _ => NameStringType.Other,
    };

    private static bool TryDecode(
        NameStringType type, ReadOnlySpan<byte> octets, [NotNullWhen(true)] out string? text)
    {
        text = type switch
        {
            NameStringType.Other => null,
            NameStringType.T61String => Encoding.Latin1.GetString(octets),
            NameStringType.BmpString => DecodeBmp(octets),
            NameStringType.UniversalString => DecodeUniversal(octets),
            // The ASCII types as well: certificates of the original hold UTF-8 in IA5String, and many programs
            // put @ and * into PrintableString.
            _ => Utf8.IsValid(octets) ? Encoding.UTF8.GetString(octets) : null,
        };
        return text is not null;
    }

    private static string? DecodeBmp(ReadOnlySpan<byte> octets)
    {
        char[] chars = new char[octets.Length / 2];
        for (int i = 0; i < chars.Length; i++)
        {
            chars[i] = (char)BinaryPrimitives.ReadUInt16BigEndian(octets[(2 * i)..]);
        }

        string text = new(chars);
        return octets.Length % 2 == 0 && TryCount(text, out _) ? text : null;
    }

    private static string? DecodeUniversal(ReadOnlySpan<byte> octets)
    {
        var text = new StringBuilder(octets.Length / 4);
        for (; octets.Length >= 4; octets = octets[4..])
        {
            if (!Rune.TryCreate(BinaryPrimitives.ReadUInt32BigEndian(octets), out Rune rune))
            {
                return null;
            }

            text.Append(rune);
        }

        return octets.IsEmpty ? text.ToString() : null;
    }
}
