using System.Formats.Asn1;
using System.Numerics;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Certificates;

/// <summary>Holds the fields of the signed part of a certificate (RFC 5280 §4.1.2). Immutable.</summary>
internal sealed record TbsCertificate
{
    private static readonly Asn1Tag VersionTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag IssuerUniqueIdTag = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag SubjectUniqueIdTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 3);

    public required int Version { get; init; }

    public required SerialNumber SerialNumber { get; init; }

    public required ReadOnlyMemory<byte> SignatureAlgorithmDer { get; init; }

    public required ReadOnlyMemory<byte> IssuerDer { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public required ReadOnlyMemory<byte> SubjectDer { get; init; }

    public required ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; init; }

    public required IReadOnlyList<CertificateExtension> Extensions { get; init; }

    /// <summary>Splits the signed part into its fields.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static TbsCertificate Decode(ReadOnlyMemory<byte> der)
    {
        AsnReader tbs = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        int version = ReadVersion(tbs);
        SerialNumber serial = ReadSerialNumber(tbs);
        ReadOnlyMemory<byte> algorithm = Sequence(tbs);
        ReadOnlyMemory<byte> issuer = Sequence(tbs);
        AsnReader validity = tbs.ReadSequence();
        DateTimeOffset notBefore = X509Time.Read(validity);
        DateTimeOffset notAfter = X509Time.Read(validity);
        validity.ThrowIfNotEmpty();

        ReadOnlyMemory<byte> subject = Sequence(tbs);
        ReadOnlyMemory<byte> key = Sequence(tbs);
        SkipUniqueIds(tbs);
        IReadOnlyList<CertificateExtension> extensions = tbs.HasData ? ReadExtensions(tbs) : [];
        tbs.ThrowIfNotEmpty();
        return new()
        {
            Version = version,
            SerialNumber = serial,
            SignatureAlgorithmDer = algorithm,
            IssuerDer = issuer,
            NotBefore = notBefore,
            NotAfter = notAfter,
            SubjectDer = subject,
            SubjectPublicKeyInfo = key,
            Extensions = extensions,
        };
    }

    /// <summary>Encodes what a template says, as version 3.</summary>
    public static byte[] Encode(CertificateTemplate template, SignatureAlgorithm algorithm) =>
        DerEncoding.Of((template, algorithm), static (writer, parts) => Write(writer, parts.template, parts.algorithm));

    /// <summary>Counts the octets of <see cref="Encode"/>.</summary>
    public static int CountOctets(CertificateTemplate template, SignatureAlgorithm algorithm) =>
        DerEncoding.CountOctets((template, algorithm), static (writer, parts) => Write(writer, parts.template, parts.algorithm));

    private static void Write(AsnWriter writer, CertificateTemplate template, SignatureAlgorithm algorithm)
    {
        using (writer.PushSequence())
        {
            using (writer.PushSequence(VersionTag))
            {
                writer.WriteInteger(2); // v3
            }

            Span<byte> serial = stackalloc byte[SerialNumber.MaxOctets];
            template.SerialNumber.WriteBigEndian(serial);
            writer.WriteIntegerUnsigned(serial.TrimStart((byte)0));
            algorithm.Write(writer);
            writer.WriteEncodedValue(template.IssuerDer.Span);
            using (writer.PushSequence())
            {
                X509Time.Write(writer, template.NotBefore);
                X509Time.Write(writer, template.NotAfter);
            }

            writer.WriteEncodedValue(template.SubjectDer.Span);
            writer.WriteEncodedValue(template.SubjectKey.SubjectPublicKeyInfo.Span);
            using (writer.PushSequence(ExtensionsTag))
            {
                ExtensionList.Write(writer, template.Extensions);
            }
        }
    }

    private static int ReadVersion(AsnReader tbs)
    {
        if (!tbs.PeekTag().HasSameClassAndValue(VersionTag))
        {
            return 1; // DEFAULT v1
        }

        AsnReader tagged = tbs.ReadSequence(VersionTag);
        BigInteger version = tagged.ReadInteger();
        tagged.ThrowIfNotEmpty();
        return version == 1 || version == 2 ? (int)version + 1 : throw new AsnContentException("an unknown version");
    }

    private static SerialNumber ReadSerialNumber(AsnReader tbs)
    {
        ReadOnlySpan<byte> octets = tbs.ReadIntegerBytes().Span;
        bool isPositive = (octets[0] & 0x80) == 0 && octets.ContainsAnyExcept((byte)0);
        return isPositive && octets.Length <= SerialNumber.MaxOctets
            ? SerialNumber.FromBigEndian(octets)
            : throw new AsnContentException("the serial number is not positive or too long");
    }

    private static ReadOnlyMemory<byte> Sequence(AsnReader reader)
    {
        ReadOnlyMemory<byte> der = reader.PeekEncodedValue();
        reader.ReadSequence();
        return der;
    }

    // RFC 5280 §4.1.2.8: we never write them, but other CAs may have.
    private static void SkipUniqueIds(AsnReader tbs)
    {
        foreach (Asn1Tag tag in (ReadOnlySpan<Asn1Tag>)[IssuerUniqueIdTag, SubjectUniqueIdTag])
        {
            if (tbs.HasData && tbs.PeekTag().HasSameClassAndValue(tag))
            {
                tbs.ReadEncodedValue();
            }
        }
    }

    private static IReadOnlyList<CertificateExtension> ReadExtensions(AsnReader tbs)
    {
        AsnReader tagged = tbs.ReadSequence(ExtensionsTag);
        IReadOnlyList<CertificateExtension> extensions = ExtensionList.Read(tagged);
        tagged.ThrowIfNotEmpty();
        return extensions;
    }
}
