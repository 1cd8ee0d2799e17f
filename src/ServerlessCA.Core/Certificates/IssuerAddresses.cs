using System.Formats.Asn1;

namespace ServerlessCA.Core.Certificates;

/// <summary>Where a certificate says that its issuer's CRL and certificate can be fetched: URIs as they stand there.
/// Immutable.</summary>
/// <param name="Crl">Of cRLDistributionPoints.</param>
/// <param name="Certificate">Of authorityInfoAccess, caIssuers.</param>
internal sealed record IssuerAddresses(IReadOnlyList<string> Crl, IReadOnlyList<string> Certificate)
{
    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>Reads them; what cannot be read names nothing that anybody could fetch.</summary>
    public static IssuerAddresses Of(Certificate certificate) => new(
        Read(certificate, ExtensionOids.CrlDistributionPoints, ReadPoint),
        Read(certificate, ExtensionOids.AuthorityInformationAccess, ReadDescription));

    private static List<string> Read(Certificate certificate, string oid, Action<AsnReader, List<string>> readOne)
    {
        var found = new List<string>();
        if (certificate.Find(oid) is { } extension)
        {
            try
            {
                AsnReader list = new AsnReader(extension.Value, AsnEncodingRules.DER).ReadSequence();
                while (list.HasData)
                {
                    readOne(list.ReadSequence(), found);
                }
            }
            catch (AsnContentException)
            {
                // The rest of the extension says nothing.
            }
        }

        return found;
    }

    // DistributionPoint { [0] DistributionPointName { [0] fullName } } (RFC 5280 §4.2.1.13)
    private static void ReadPoint(AsnReader point, List<string> found)
    {
        AsnReader? name = point.HasData && point.PeekTag().HasSameClassAndValue(Tag0) ? point.ReadSequence(Tag0) : null;
        if (name is { HasData: true } && name.PeekTag().HasSameClassAndValue(Tag0))
        {
            AsnReader names = name.ReadSequence(Tag0);
            while (names.HasData)
            {
                ReadName(names, found);
            }
        }
    }

    // AccessDescription { accessMethod, accessLocation } (RFC 5280 §4.2.2.1)
    private static void ReadDescription(AsnReader description, List<string> found)
    {
        if (description.ReadObjectIdentifier() == ExtensionOids.CaIssuers)
        {
            ReadName(description, found);
        }
    }

    private static void ReadName(AsnReader names, List<string> found)
    {
        if (names.PeekTag().HasSameClassAndValue(UriTag))
        {
            found.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
        }
        else
        {
            names.ReadEncodedValue();
        }
    }
}
