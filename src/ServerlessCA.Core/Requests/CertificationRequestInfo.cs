using System.Formats.Asn1;
using System.Numerics;
using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Requests;

/// <summary>The signed part of a CSR (RFC 2986 §4.1), taken apart. Immutable.</summary>
/// <param name="SubjectDer">The subject's name.</param>
/// <param name="SubjectPublicKeyInfo">The subject's key.</param>
/// <param name="Attributes">What it asks for or tells beside them.</param>
/// <param name="Fault">What is wrong with it though it is DER; null when nothing is.</param>
internal sealed record CertificationRequestInfo(
    ReadOnlyMemory<byte> SubjectDer, ReadOnlyMemory<byte> SubjectPublicKeyInfo, IReadOnlyList<RequestAttribute> Attributes, string? Fault)
{
    private static readonly Asn1Tag AttributesTag = new(TagClass.ContextSpecific, 0);

    /// <summary>Takes it apart.</summary>
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

/// <summary>An attribute of a CSR (RFC 2986 §4.1). Immutable.</summary>
/// <param name="Oid">Its type.</param>
/// <param name="Value">Its first value, DER; those that we know have one only.</param>
internal sealed record RequestAttribute(string Oid, ReadOnlyMemory<byte> Value);
