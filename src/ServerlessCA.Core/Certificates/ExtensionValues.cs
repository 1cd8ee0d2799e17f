using System.Formats.Asn1;
using System.Text;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Certificates;

/// <summary>Reads the values of extensions.</summary>
internal static class ExtensionValues
{
    private static readonly Asn1Tag KeyIdentifierTag = new(TagClass.ContextSpecific, 0);

    /// <summary>Reads subjectKeyIdentifier (RFC 5280 §4.2.1.2).</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static ReadOnlyMemory<byte>? OctetString(ReadOnlyMemory<byte> value) =>
        Whole(value, reader => reader.ReadOctetString());

    /// <summary>Reads the key identifier of authorityKeyIdentifier (RFC 5280 §4.2.1.1); null without one.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static ReadOnlyMemory<byte>? AuthorityKey(ReadOnlyMemory<byte> value) => Whole(value, reader =>
    {
        AsnReader identifier = reader.ReadSequence();
        bool present = identifier.HasData && identifier.PeekTag().HasSameClassAndValue(KeyIdentifierTag);
        return present ? identifier.ReadOctetString(KeyIdentifierTag) : (ReadOnlyMemory<byte>?)null;
    });

    /// <summary>Reads keyUsage (RFC 5280 §4.2.1.3).</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static KeyUsages KeyUsage(ReadOnlyMemory<byte> value) =>
        Whole(value, reader => reader.ReadNamedBitListValue<KeyUsages>());

    /// <summary>Reads basicConstraints (RFC 5280 §4.2.1.9).</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static (bool IsCa, int? PathLength) BasicConstraints(ReadOnlyMemory<byte> value) => Whole(value, reader =>
    {
        AsnReader constraints = reader.ReadSequence();
        bool isCa = constraints.HasData && constraints.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && constraints.ReadBoolean();
        int? pathLength = constraints.HasData ? ReadPathLength(constraints) : null;
        constraints.ThrowIfNotEmpty();
        return (isCa, pathLength);
    });

    /// <summary>Reads extKeyUsage (RFC 5280 §4.2.1.12).</summary>
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

/// <summary>Holds where a certificate says that its issuer's CRL and certificate can be downloaded: URIs, word for word.
/// Immutable.</summary>
/// <param name="Crl">The URIs of cRLDistributionPoints.</param>
/// <param name="Certificate">The URIs of authorityInfoAccess with the method caIssuers.</param>
public sealed record IssuerAddresses(IReadOnlyList<string> Crl, IReadOnlyList<string> Certificate)
{
    private const string Uri = UriGeneralName.TypeName + " ";

    /// <summary>Reads the addresses. Skips what cannot be read, since nobody could download from there.</summary>
    public static IssuerAddresses Of(Certificate certificate) => new(
        Read(certificate, ExtensionOids.CrlDistributionPoints, value => DistributionPoint.ReadAll(value).SelectMany(point => point.FullName ?? [])),
        Read(certificate, ExtensionOids.AuthorityInformationAccess, value => AccessDescription.ReadAll(value)
            .Where(description => description.MethodOid == ExtensionOids.CaIssuers).Select(description => description.Location)));

    private static List<string> Read(Certificate certificate, string oid, Func<ReadOnlyMemory<byte>, IEnumerable<string>> names)
    {
        var found = new List<string>();
        if (certificate.Find(oid) is { } extension)
        {
            try
            {
                foreach (string name in names(extension.Value).Where(name => name.StartsWith(Uri, StringComparison.Ordinal) && Ascii.IsValid(name)))
                {
                    found.Add(name[Uri.Length..]);
                }
            }
            catch (AsnContentException)
            {
                // What follows in the extension cannot be read either.
            }
        }

        return found;
    }
}

/// <summary>A DistributionPoint { [0] DistributionPointName { [0] fullName } }, as cRLDistributionPoints holds it (RFC 5280
/// §4.2.1.13). Immutable.</summary>
/// <param name="FullName">Each name as <c>TYPE value</c>; null when the point has no full name.</param>
/// <param name="Der">The whole point.</param>
public sealed record DistributionPoint(IReadOnlyList<string>? FullName, ReadOnlyMemory<byte> Der)
{
    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);

    /// <summary>Reads the points of an extension's value one by one.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static IEnumerable<DistributionPoint> ReadAll(ReadOnlyMemory<byte> extension)
    {
        AsnReader points = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        while (points.HasData)
        {
            ReadOnlyMemory<byte> der = points.PeekEncodedValue();
            AsnReader point = points.ReadSequence();
            AsnReader? name = IsNext(point) ? point.ReadSequence(Tag0) : null;
            yield return new DistributionPoint(name is not null && IsNext(name) ? GeneralNames.Read(name.ReadSequence(Tag0)) : null, der);
        }
    }

    private static bool IsNext(AsnReader reader) => reader.HasData && reader.PeekTag().HasSameClassAndValue(Tag0);
}

/// <summary>An AccessDescription { accessMethod, accessLocation }, as authorityInfoAccess holds it (RFC 5280 §4.2.2.1).
/// Immutable.</summary>
/// <param name="MethodOid">The kind of information offered, such as the issuer's certificate.</param>
/// <param name="Location">Its address, as <c>TYPE value</c>.</param>
public sealed record AccessDescription(string MethodOid, string Location)
{
    /// <summary>Reads the descriptions of an extension's value one by one.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static IEnumerable<AccessDescription> ReadAll(ReadOnlyMemory<byte> extension)
    {
        AsnReader descriptions = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        while (descriptions.HasData)
        {
            AsnReader description = descriptions.ReadSequence();
            yield return new AccessDescription(description.ReadObjectIdentifier(), GeneralNames.ReadOne(description));
        }
    }
}
