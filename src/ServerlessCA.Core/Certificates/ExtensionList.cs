using System.Formats.Asn1;

namespace ServerlessCA.Core.Certificates;

/// <summary>The SEQUENCE OF Extension of certificates, CRLs and CRL entries (RFC 5280 §4.1, §5.1).</summary>
internal static class ExtensionList
{
    /// <summary>Reads the next element.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static IReadOnlyList<CertificateExtension> Read(AsnReader reader)
    {
        AsnReader list = reader.ReadSequence();
        var extensions = new List<CertificateExtension>();
        while (list.HasData)
        {
            AsnReader extension = list.ReadSequence();
            string oid = extension.ReadObjectIdentifier();
            bool critical = extension.HasData && extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            bool primitive = extension.TryReadPrimitiveOctetString(out ReadOnlyMemory<byte> value);
            extension.ThrowIfNotEmpty();
            extensions.Add(primitive ? new(oid, critical, value) : throw new AsnContentException("an extension value is not DER"));
        }

        return extensions.AsReadOnly();
    }

    /// <summary>Writes the list; DEFAULT FALSE is left out, as DER wants (X.690 §11.5).</summary>
    public static void Write(AsnWriter writer, IEnumerable<CertificateExtension> extensions)
    {
        using (writer.PushSequence())
        {
            foreach (CertificateExtension extension in extensions)
            {
                Write(writer, extension);
            }
        }
    }

    private static void Write(AsnWriter writer, CertificateExtension extension)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(extension.Oid);
            if (extension.Critical)
            {
                writer.WriteBoolean(true);
            }

            writer.WriteOctetString(extension.Value.Span);
        }
    }
}
