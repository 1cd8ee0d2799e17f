using System.Formats.Asn1;

namespace ServerlessCA.Core.Certificates;

/// <summary>Reads the values of extensions.</summary>
internal static class ExtensionValues
{
    private static readonly Asn1Tag KeyIdentifierTag = new(TagClass.ContextSpecific, 0);

    /// <summary>subjectKeyIdentifier (RFC 5280 §4.2.1.2).</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static ReadOnlyMemory<byte>? OctetString(ReadOnlyMemory<byte> value) =>
        Whole(value, reader => reader.ReadOctetString());

    /// <summary>The key identifier of authorityKeyIdentifier (RFC 5280 §4.2.1.1); null without one.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static ReadOnlyMemory<byte>? AuthorityKey(ReadOnlyMemory<byte> value) => Whole(value, reader =>
    {
        AsnReader identifier = reader.ReadSequence();
        bool present = identifier.HasData && identifier.PeekTag().HasSameClassAndValue(KeyIdentifierTag);
        return present ? identifier.ReadOctetString(KeyIdentifierTag) : (ReadOnlyMemory<byte>?)null;
    });

    /// <summary>keyUsage (RFC 5280 §4.2.1.3).</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static KeyUsages KeyUsage(ReadOnlyMemory<byte> value) =>
        Whole(value, reader => reader.ReadNamedBitListValue<KeyUsages>());

    /// <summary>basicConstraints (RFC 5280 §4.2.1.9).</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static (bool IsCa, int? PathLength) BasicConstraints(ReadOnlyMemory<byte> value) => Whole(value, reader =>
    {
        AsnReader constraints = reader.ReadSequence();
        bool isCa = constraints.HasData && constraints.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && constraints.ReadBoolean();
        int? pathLength = constraints.HasData ? ReadPathLength(constraints) : null;
        constraints.ThrowIfNotEmpty();
        return (isCa, pathLength);
    });

    /// <summary>extKeyUsage (RFC 5280 §4.2.1.12).</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static IReadOnlyList<string> ExtendedKeyUsage(ReadOnlyMemory<byte> value) => Whole(value, reader =>
    {
        AsnReader purposes = reader.ReadSequence();
        var oids = new List<string>();
        while (purposes.HasData)
        {
            oids.Add(purposes.ReadObjectIdentifier());
        }

        return oids.AsReadOnly();
    });

    private static int ReadPathLength(AsnReader constraints) =>
        constraints.TryReadInt32(out int length) && length >= 0 ? length
        : throw new AsnContentException("the path length is negative or too large");

    private static T Whole<T>(ReadOnlyMemory<byte> value, Func<AsnReader, T> read)
    {
        var reader = new AsnReader(value, AsnEncodingRules.DER);
        T result = read(reader);
        reader.ThrowIfNotEmpty();
        return result;
    }
}
