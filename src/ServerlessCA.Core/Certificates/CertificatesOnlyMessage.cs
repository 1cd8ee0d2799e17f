using System.Formats.Asn1;

namespace ServerlessCA.Core.Certificates;

/// <summary>Writes certificates as a PKCS #7 message that holds nothing else, which Windows and Java import as a whole: a SignedData
/// without content and without signatures (RFC 5652 §5, RFC 8551 §3.8).</summary>
public static class CertificatesOnlyMessage
{
    private const string SignedData = "1.2.840.113549.1.7.2"; // RFC 5652 §5.1
    private const string Data = "1.2.840.113549.1.7.1"; // RFC 5652 §4
    private const int Version = 1; // RFC 5652 §5.1: certificates of X.509 alone, content of the type data

    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0, isConstructed: true);

    /// <summary>Writes the message, DER: the certificates are in the order of their octets, whatever their chain.</summary>
    /// <param name="certificates">Certificates, DER; at least one.</param>
    public static byte[] Write(IEnumerable<ReadOnlyMemory<byte>> certificates)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(SignedData);
            using (writer.PushSequence(Tag0))
            using (writer.PushSequence())
            {
                writer.WriteInteger(Version);
                writer.PushSetOf().Dispose(); // no digest algorithms
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Data);
                }

                using (writer.PushSetOf(Tag0))
                {
                    foreach (ReadOnlyMemory<byte> certificate in certificates)
                    {
                        writer.WriteEncodedValue(certificate.Span);
                    }
                }

                writer.PushSetOf().Dispose(); // no signatures
            }
        }

        return writer.Encode();
    }
}
