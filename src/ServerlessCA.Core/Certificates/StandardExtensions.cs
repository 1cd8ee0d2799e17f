using System.Formats.Asn1;

namespace ServerlessCA.Core.Certificates;

/// <summary>Makes the extensions that the CA itself controls (contract section 6).</summary>
internal static class StandardExtensions
{
    private static readonly Asn1Tag KeyIdentifierTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag DistributionPointTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag FullNameTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>keyUsage, critical (RFC 5280 §4.2.1.3).</summary>
    public static CertificateExtension KeyUsage(KeyUsages usages) =>
        Of(ExtensionOids.KeyUsage, critical: true, writer => writer.WriteNamedBitList(usages));

    /// <summary>basicConstraints of a CA, critical (RFC 5280 §4.2.1.9).</summary>
    public static CertificateExtension CaBasicConstraints(int? pathLength) =>
        Of(ExtensionOids.BasicConstraints, critical: true, writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteBoolean(true);
                if (pathLength is { } length)
                {
                    writer.WriteInteger(length);
                }
            }
        });

    /// <summary>subjectKeyIdentifier (RFC 5280 §4.2.1.2).</summary>
    public static CertificateExtension SubjectKeyIdentifier(ReadOnlyMemory<byte> identifier) =>
        Of(ExtensionOids.SubjectKeyIdentifier, critical: false, writer => writer.WriteOctetString(identifier.Span));

    /// <summary>authorityKeyIdentifier with the key identifier only (RFC 5280 §4.2.1.1).</summary>
    public static CertificateExtension AuthorityKeyIdentifier(ReadOnlyMemory<byte> identifier) =>
        Of(ExtensionOids.AuthorityKeyIdentifier, critical: false, writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteOctetString(identifier.Span, KeyIdentifierTag);
            }
        });

    /// <summary>extKeyUsage (RFC 5280 §4.2.1.12).</summary>
    public static CertificateExtension ExtendedKeyUsage(IEnumerable<string> purposes) =>
        Of(ExtensionOids.ExtendedKeyUsage, critical: false, writer =>
        {
            using (writer.PushSequence())
            {
                foreach (string purpose in purposes)
                {
                    writer.WriteObjectIdentifier(purpose);
                }
            }
        });

    /// <summary>certificatePolicies without qualifiers (RFC 5280 §4.2.1.4).</summary>
    public static CertificateExtension CertificatePolicies(IEnumerable<string> policies) =>
        Of(ExtensionOids.CertificatePolicies, critical: false, writer =>
        {
            using (writer.PushSequence())
            {
                foreach (string policy in policies)
                {
                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier(policy);
                    }
                }
            }
        });

    /// <summary>cRLDistributionPoints with one URI (RFC 5280 §4.2.1.13).</summary>
    public static CertificateExtension CrlDistributionPoint(PublicationPoint point) =>
        Of(ExtensionOids.CrlDistributionPoints, critical: false, writer =>
        {
            using (writer.PushSequence())
            using (writer.PushSequence())
            using (writer.PushSequence(DistributionPointTag))
            using (writer.PushSequence(FullNameTag))
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, point.CrlUri, UriTag);
            }
        });

    /// <summary>authorityInfoAccess with one caIssuers URI (RFC 5280 §4.2.2.1).</summary>
    public static CertificateExtension CaIssuers(PublicationPoint point) =>
        Of(ExtensionOids.AuthorityInformationAccess, critical: false, writer =>
        {
            using (writer.PushSequence())
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(ExtensionOids.CaIssuers);
                writer.WriteCharacterString(UniversalTagNumber.IA5String, point.CertificateUri, UriTag);
            }
        });

    private static CertificateExtension Of(string oid, bool critical, Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return new(oid, critical, writer.Encode());
    }
}
