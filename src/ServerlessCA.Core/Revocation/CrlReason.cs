using System.Formats.Asn1;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>The reasonCode of a CRL entry (RFC 5280 §5.3.1).</summary>
internal static class CrlReason
{
    private static readonly (RevocationReason Reason, byte[] Der)[] Written =
        [.. Enum.GetValues<RevocationReason>().Select(reason => (reason, Encode(reason)))];

    /// <summary>Writes crlEntryExtensions with it.</summary>
    public static void WriteExtensions(AsnWriter writer, RevocationReason reason) =>
        writer.WriteEncodedValue(Array.Find(Written, written => written.Reason == reason).Der);

    private static byte[] Encode(RevocationReason reason)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(ExtensionOids.ReasonCode);
            using (writer.PushOctetString())
            {
                writer.WriteEnumeratedValue(reason);
            }
        }

        return writer.Encode();
    }

    /// <summary>Reads the reason of crlEntryExtensions; without one it is unspecified.</summary>
    /// <exception cref="AsnContentException">Not of this form, a reason this CA does not use, or a critical extension.</exception>
    public static RevocationReason Read(ReadOnlyMemory<byte> extensionsDer)
    {
        // Nearly every entry holds exactly what this CA writes: no need to take it apart.
        foreach ((RevocationReason known, byte[] der) in Written)
        {
            if (extensionsDer.Span.SequenceEqual(der))
            {
                return known;
            }
        }

        var reader = new AsnReader(extensionsDer, AsnEncodingRules.DER);
        RevocationReason reason = RevocationReason.Unspecified;
        foreach (CertificateExtension extension in ExtensionList.Read(reader))
        {
            // RFC 5280 §5.3: who does not know a critical entry extension must not use the CRL.
            reason = extension.Critical ? throw new AsnContentException("a critical extension of an entry")
                : extension.Oid == ExtensionOids.ReasonCode ? ReadCode(extension.Value)
                : reason;
        }

        reader.ThrowIfNotEmpty();
        return reason;
    }

    private static RevocationReason ReadCode(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnReader(value, AsnEncodingRules.DER);
        ReadOnlySpan<byte> code = reader.ReadEnumeratedBytes().Span;
        reader.ThrowIfNotEmpty();
        var reason = (RevocationReason)code[0];
        return code.Length == 1 && Enum.IsDefined(reason) ? reason : throw new AsnContentException("an unknown reason");
    }
}
