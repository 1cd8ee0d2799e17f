using System.Formats.Asn1;
using System.Numerics;
using System.Text;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>Holds the parts of the signed part of a CSR (RFC 2986 §4.1). Immutable.</summary>
/// <param name="SubjectDer">The subject's name, DER.</param>
/// <param name="SubjectPublicKeyInfo">The subject's key, DER.</param>
/// <param name="Attributes">What the CSR requests or says besides.</param>
/// <param name="Fault">What is wrong although the bytes are DER; null when nothing is.</param>
internal sealed record CertificationRequestInfo(
    ReadOnlyMemory<byte> SubjectDer, ReadOnlyMemory<byte> SubjectPublicKeyInfo, IReadOnlyList<RequestAttribute> Attributes, string? Fault)
{
    private static readonly Asn1Tag AttributesTag = new(TagClass.ContextSpecific, 0);

    /// <summary>Splits the signed part.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static CertificationRequestInfo Decode(ReadOnlyMemory<byte> der)
    {
        AsnReader info = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        BigInteger version = info.ReadInteger();
        ReadOnlyMemory<byte> subject = info.ReadEncodedValue();
        ReadOnlyMemory<byte> key = info.ReadEncodedValue();

        // Some programs leave the attributes out, though they are not optional.
        IReadOnlyList<RequestAttribute>? attributes = info.HasData ? ReadAttributes(info.ReadEncodedValue()) : [];
        info.ThrowIfNotEmpty();
        return new(subject, key, attributes ?? [], Fault: !version.IsZero ? "has another version than 0: only PKCS #10 version 1, number 0, is known"
            : NameSyntax.FaultOf(subject) ?? (attributes is null ? "has malformed attributes: make it again" : null));
    }

    // [0] IMPLICIT SET OF SEQUENCE { type OID, values SET OF ANY }; null when an attribute is malformed.
    private static List<RequestAttribute>? ReadAttributes(ReadOnlyMemory<byte> der)
    {
        if (!DerSyntax.IsWellFormed(der.Span))
        {
            return null;
        }

        var read = new List<RequestAttribute>();
        AsnReader attributes = new AsnReader(der, AsnEncodingRules.DER).ReadSetOf(skipSortOrderValidation: true, AttributesTag);
        while (attributes.HasData)
        {
            AsnReader attribute = attributes.ReadSequence();
            string oid = attribute.ReadObjectIdentifier();
            AsnReader values = attribute.ReadSetOf(skipSortOrderValidation: true);
            attribute.ThrowIfNotEmpty();
            if (!values.HasData)
            {
                return null;
            }

            read.Add(new(oid, values.PeekEncodedValue()));
        }

        return read;
    }
}

/// <summary>An attribute, as it stands in a CSR (RFC 2986 §4.1). Immutable.</summary>
/// <param name="Oid">The type, dotted.</param>
/// <param name="Value">The first value, DER; the types that we know have one only.</param>
internal sealed record RequestAttribute(string Oid, ReadOnlyMemory<byte> Value);

/// <summary>Checks whether bytes are a Name (RFC 5280 §4.1.2.4) that can be read: structure, kinds of strings and their
/// encoding. Does not check what the name says.</summary>
internal static class NameSyntax
{
    private const string Malformed = "has a malformed subject: make it again";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding Utf16 = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly UTF32Encoding Utf32 = new(bigEndian: true, byteOrderMark: false, throwOnInvalidCharacters: true);

    /// <summary>Returns what is wrong with a CSR's subject; null when nothing is. Names the attribute that cannot be decoded:
    /// without it the certificate would say less than was requested (contract 12.24).</summary>
    public static string? FaultOf(ReadOnlyMemory<byte> der)
    {
        try
        {
            return FaultOf(new AsnReader(der, AsnEncodingRules.DER)) ?? (DerSyntax.IsWellFormed(der.Span) ? null : Malformed);
        }
        catch (AsnContentException)
        {
            return Malformed;
        }
    }

    // SEQUENCE OF SET SIZE (1..MAX) OF SEQUENCE { type OID, value }
    private static string? FaultOf(AsnReader reader)
    {
        AsnReader name = reader.ReadSequence();
        while (name.HasData)
        {
            AsnReader attributes = name.ReadSetOf(skipSortOrderValidation: true);
            if (!attributes.HasData)
            {
                return Malformed;
            }

            while (attributes.HasData)
            {
                AsnReader attribute = attributes.ReadSequence();
                string oid = attribute.ReadObjectIdentifier();
                ReadOnlyMemory<byte> value = attribute.ReadEncodedValue();
                attribute.ThrowIfNotEmpty();
                if (WhyNotText(oid, value.Span) is { } why)
                {
                    return $"has a subject whose {NameOf(oid)} cannot be decoded: {why}; "
                        + "make it again with UTF8String, as 'openssl req -utf8' does";
                }
            }
        }

        return null;
    }

    private static string NameOf(string oid) =>
        SubjectAttributes.All.FirstOrDefault(known => known.Oid == oid)?.RequestKey ?? DirectoryKeywords.NameOf(oid);

    private static string? WhyNotText(string oid, ReadOnlySpan<byte> der)
    {
        Asn1Tag tag = AsnDecoder.ReadEncodedValue(der, AsnEncodingRules.DER, out int offset, out int length, out _);
        ReadOnlySpan<byte> content = der.Slice(offset, length);
        var type = (UniversalTagNumber)tag.TagValue;
        bool? isText = tag.TagClass != TagClass.Universal || tag.IsConstructed ? null : type switch
        {
            // Includes the ASCII types: they often hold characters beyond their sets, and UTF-8 is recognisable beside Latin-1.
            UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String
                or UniversalTagNumber.NumericString or UniversalTagNumber.VisibleString => IsText(Utf8, content),
            UniversalTagNumber.BMPString => IsText(Utf16, content) && !HasSurrogates(content),
            UniversalTagNumber.UniversalString => IsText(Utf32, content),
            UniversalTagNumber.TeletexString => true, // read as Latin-1
            UniversalTagNumber.BitString when SubjectAttributes.All.All(known => known.Oid != oid) => true, // uniqueIdentifier
            _ => null,
        };
        return isText switch
        {
            null => "it is no string",
            false when type is UniversalTagNumber.BMPString or UniversalTagNumber.UniversalString => $"its {type} is not Unicode",
            false when type == UniversalTagNumber.UTF8String => $"its {type} is not UTF-8",
            false => $"its {type} is neither ASCII nor UTF-8",
            true => null,
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
