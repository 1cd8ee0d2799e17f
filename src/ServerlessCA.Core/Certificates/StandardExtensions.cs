using System.Formats.Asn1;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Certificates;

/// <summary>Makes the extensions that the CA itself controls (contract section 6).</summary>
internal static class StandardExtensions
{
    private static readonly Asn1Tag KeyIdentifierTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag DistributionPointTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag FullNameTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>Makes keyUsage, critical (RFC 5280 §4.2.1.3).</summary>
    public static CertificateExtension KeyUsage(KeyUsages usages) =>
        Of(ExtensionOids.KeyUsage, critical: true, writer => writer.WriteNamedBitList(usages));

    /// <summary>Makes basicConstraints of a CA, critical (RFC 5280 §4.2.1.9).</summary>
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

    /// <summary>Makes subjectKeyIdentifier (RFC 5280 §4.2.1.2).</summary>
    public static CertificateExtension SubjectKeyIdentifier(ReadOnlyMemory<byte> identifier) =>
        Of(ExtensionOids.SubjectKeyIdentifier, critical: false, writer => writer.WriteOctetString(identifier.Span));

    /// <summary>Makes authorityKeyIdentifier with the key identifier only (RFC 5280 §4.2.1.1).</summary>
    public static CertificateExtension AuthorityKeyIdentifier(ReadOnlyMemory<byte> identifier) =>
        Of(ExtensionOids.AuthorityKeyIdentifier, critical: false, writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteOctetString(identifier.Span, KeyIdentifierTag);
            }
        });

    /// <summary>Makes extKeyUsage (RFC 5280 §4.2.1.12).</summary>
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

    /// <summary>Makes certificatePolicies without qualifiers (RFC 5280 §4.2.1.4).</summary>
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

    /// <summary>Makes cRLDistributionPoints with one URI (RFC 5280 §4.2.1.13).</summary>
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

    /// <summary>Makes authorityInfoAccess with one caIssuers URI (RFC 5280 §4.2.2.1).</summary>
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

    private static CertificateExtension Of(string oid, bool critical, Action<AsnWriter> write) =>
        new(oid, critical, DerEncoding.Of(write, static (writer, write) => write(writer)));
}

/// <summary>Says where a CA's CRL and certificate can be downloaded (contract section 6, 12.6). Immutable.</summary>
/// <param name="Domain">The host name, such as <c>ca.example.com</c>.</param>
/// <param name="CaName">The CA's name, such as <c>serverless-issuing-ca-dev</c>.</param>
public sealed record PublicationPoint(string Domain, string CaName)
{
    /// <summary>Gets the address of the DER CRL. It uses plain HTTP, since a client needs the CRL to check a TLS certificate
    /// (RFC 5280 §8).</summary>
    public string CrlUri => $"http://{Domain}/{CaNames.CrlFile(CaName)}";

    /// <summary>Gets the address of the DER certificate (RFC 5280 §4.2.2.1 requires DER for caIssuers).</summary>
    public string CertificateUri => $"http://{Domain}/{CaNames.DerCertificateFile(CaName)}";
}

/// <summary>Says what a key may be used for. Each flag is the bit with that number in KeyUsage (RFC 5280 §4.2.1.3).</summary>
[Flags]
public enum KeyUsages
{
    /// <summary>Allows nothing.</summary>
    None = 0,

    /// <summary>Allows signatures other than those on certificates and CRLs.</summary>
    DigitalSignature = 1 << 0,

    /// <summary>Allows contentCommitment, formerly nonRepudiation.</summary>
    ContentCommitment = 1 << 1,

    /// <summary>Allows enciphering keys: RSA key transport.</summary>
    KeyEncipherment = 1 << 2,

    /// <summary>Allows enciphering data directly.</summary>
    DataEncipherment = 1 << 3,

    /// <summary>Allows key agreement.</summary>
    KeyAgreement = 1 << 4,

    /// <summary>Allows signing certificates.</summary>
    KeyCertSign = 1 << 5,

    /// <summary>Allows signing CRLs.</summary>
    CrlSign = 1 << 6,

    /// <summary>Restricts key agreement to enciphering.</summary>
    EncipherOnly = 1 << 7,

    /// <summary>Restricts key agreement to deciphering.</summary>
    DecipherOnly = 1 << 8,
}

/// <summary>Lists the object identifiers of the extensions that this CA writes (RFC 5280 §4.2, §5.2, §5.3).</summary>
public static class ExtensionOids
{
    /// <summary>Identifies subjectKeyIdentifier (§4.2.1.2).</summary>
    public const string SubjectKeyIdentifier = "2.5.29.14";

    /// <summary>Identifies keyUsage (§4.2.1.3).</summary>
    public const string KeyUsage = "2.5.29.15";

    /// <summary>Identifies subjectAltName (§4.2.1.6).</summary>
    public const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>Identifies basicConstraints (§4.2.1.9).</summary>
    public const string BasicConstraints = "2.5.29.19";

    /// <summary>Identifies cRLNumber (§5.2.3).</summary>
    public const string CrlNumber = "2.5.29.20";

    /// <summary>Identifies reasonCode (§5.3.1).</summary>
    public const string ReasonCode = "2.5.29.21";

    /// <summary>Identifies nameConstraints (§4.2.1.10).</summary>
    public const string NameConstraints = "2.5.29.30";

    /// <summary>Identifies cRLDistributionPoints (§4.2.1.13).</summary>
    public const string CrlDistributionPoints = "2.5.29.31";

    /// <summary>Identifies certificatePolicies (§4.2.1.4).</summary>
    public const string CertificatePolicies = "2.5.29.32";

    /// <summary>Identifies authorityKeyIdentifier (§4.2.1.1).</summary>
    public const string AuthorityKeyIdentifier = "2.5.29.35";

    /// <summary>Identifies extKeyUsage (§4.2.1.12).</summary>
    public const string ExtendedKeyUsage = "2.5.29.37";

    /// <summary>Identifies authorityInfoAccess (§4.2.2.1).</summary>
    public const string AuthorityInformationAccess = "1.3.6.1.5.5.7.1.1";

    /// <summary>Identifies caIssuers, an access method of authorityInfoAccess (§4.2.2.1).</summary>
    public const string CaIssuers = "1.3.6.1.5.5.7.48.2";
}
