using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Text;
using System.Text.Unicode;
using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Names;

/// <summary>Writes and reads distinguished names in DER (RFC 5280 §4.1.2.4).</summary>
internal static class DistinguishedNameDer
{
    /// <summary>Encodes relative names.</summary>
    /// <exception cref="ArgumentException">An attribute cannot be encoded.</exception>
    public static byte[] Write(IEnumerable<IReadOnlyList<NameAttribute>> rdns) => DerEncoding.Of(rdns, static (writer, rdns) =>
    {
        using (writer.PushSequence())
        {
            foreach (IReadOnlyList<NameAttribute> rdn in rdns)
            {
                using (writer.PushSetOf())
                {
                    foreach (NameAttribute attribute in rdn)
                    {
                        WriteAttribute(writer, attribute);
                    }
                }
            }
        }
    });

    /// <summary>Decodes relative names; null unless the bytes are one DER Name and nothing else.</summary>
    public static IReadOnlyList<IReadOnlyList<NameAttribute>>? Read(ReadOnlyMemory<byte> der)
    {
        try
        {
            var reader = new AsnReader(der, AsnEncodingRules.DER);
            AsnReader sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            List<IReadOnlyList<NameAttribute>> rdns = [];
            while (sequence.HasData)
            {
                rdns.Add(ReadRdn(sequence.ReadSetOf()));
            }

            return [.. rdns];
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static void WriteAttribute(AsnWriter writer, NameAttribute attribute)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(attribute.Oid);
            NameString.Write(writer, attribute);
        }
    }

    private static IReadOnlyList<NameAttribute> ReadRdn(AsnReader set)
    {
        List<NameAttribute> attributes = [];
        do
        {
            AsnReader sequence = set.ReadSequence(); // throws on an empty set: its size is 1 or more
            string oid = sequence.ReadObjectIdentifier();
            attributes.Add(NameString.Read(oid, sequence.ReadEncodedValue()));
            sequence.ThrowIfNotEmpty();
        }
        while (set.HasData);

        return [.. attributes];
    }
}

/// <summary>Converts attribute values between DER and text.</summary>
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

    /// <summary>Reads one DER value; what is no text becomes a <see cref="NameStringType.Other"/>.</summary>
    /// <exception cref="AsnContentException">A string is in constructed form, which DER forbids (X.690 §10.2).</exception>
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

    /// <summary>Writes a value as one of the three types that RFC 5280 §4.1.2.4 allows for new names.</summary>
    /// <exception cref="ArgumentException">The value has another type, or characters that its type does not allow.</exception>
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
            // Reads the ASCII types as UTF-8 too: certificates of the original hold UTF-8 in IA5String, and many programs
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

/// <summary>Names the ASN.1 type of an attribute value in a distinguished name (RFC 5280 §4.1.2.4).</summary>
public enum NameStringType
{
    /// <summary>UTF8String, which holds any text. This CA writes it where no other type is prescribed.</summary>
    Utf8String,

    /// <summary>PrintableString, which holds ASCII letters, digits, space and <c>'()+,-./:=?</c>.</summary>
    PrintableString,

    /// <summary>IA5String, which holds ASCII.</summary>
    Ia5String,

    /// <summary>T61String (TeletexString), which is read as Latin-1 and never written.</summary>
    T61String,

    /// <summary>BMPString, which holds UTF-16, big-endian. It is never written.</summary>
    BmpString,

    /// <summary>NumericString, which holds digits and space. It is never written.</summary>
    NumericString,

    /// <summary>UniversalString, which holds UTF-32, big-endian. It is never written.</summary>
    UniversalString,

    /// <summary>VisibleString, which holds printable ASCII. It is never written.</summary>
    VisibleString,

    /// <summary>The value is no string, or its octets are no text of its type: it becomes <c>#</c> and the DER in hexadecimal
    /// (RFC 4514 §2.4). It is never written.</summary>
    Other,
}
