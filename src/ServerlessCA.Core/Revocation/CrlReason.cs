using System.Formats.Asn1;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>The reasonCode of a CRL entry (RFC 5280 §5.3.1).</summary>
internal static class CrlReason
{
    // SEQUENCE { SEQUENCE { OID 2.5.29.21, OCTET STRING { ENUMERATED: one octet follows } } }: DER has no other way to say it.
    private static ReadOnlySpan<byte> Prefix => [0x30, 12, 0x30, 10, 6, 3, 0x55, 0x1d, 0x15, 4, 3, 10, 1];

    /// <summary>Writes crlEntryExtensions with it.</summary>
    public static void WriteExtensions(AsnWriter writer, RevocationReason reason) =>
        writer.WriteEncodedValue([.. Prefix, (byte)reason]);

    /// <summary>Reads the reason of crlEntryExtensions; without one it is unspecified.</summary>
    /// <exception cref="AsnContentException">Not of this form, a reason this CA does not use, or a critical extension.</exception>
    public static RevocationReason Read(ReadOnlyMemory<byte> extensionsDer)
    {
        // Without garbage for the usual case: there may be a million entries.
        bool alone = extensionsDer.Length == Prefix.Length + 1 && extensionsDer.Span.StartsWith(Prefix);
        return alone ? Known(extensionsDer.Span[^1]) : ReadAmongOthers(extensionsDer);
    }

    private static RevocationReason ReadAmongOthers(ReadOnlyMemory<byte> extensionsDer)
    {
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
        return code.Length == 1 ? Known(code[0]) : throw new AsnContentException("an unknown reason");
    }

    private static RevocationReason Known(byte code) =>
        Enum.IsDefined((RevocationReason)code) ? (RevocationReason)code : throw new AsnContentException("an unknown reason");
}
