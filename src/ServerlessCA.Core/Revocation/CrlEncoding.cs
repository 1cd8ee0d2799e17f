using System.Buffers.Binary;
using System.Formats.Asn1;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>Encodes a CRL (RFC 5280 §5.1) in one buffer that never grows or moves: entries first, each through one small
/// writer; headers then go in front of them, where room was left, and extensions and signature behind. (One
/// <see cref="AsnWriter"/> over all entries moves them at every level: minutes for a million.)</summary>
internal sealed class CrlEncoding
{
    // SEQUENCE 2, serial 2 + 20, time 2 + 15, extensions with a reason 14
    private const int MaxEntryOctets = 55;

    // AlgorithmIdentifier 15, BIT STRING 5 + 4627 (ML-DSA-87), with room to spare
    private const int MaxSignatureOctets = 5000;

    private const byte Sequence = 0x30;
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 0);

    private readonly SignatureAlgorithm algorithm;
    private readonly byte[] buffer;
    private int start;
    private int end;

    /// <summary>Encodes the signed part.</summary>
    /// <param name="template">The CRL to encode, with sorted entries.</param>
    /// <param name="algorithm">The algorithm of the issuer's key.</param>
    public CrlEncoding(CrlTemplate template, SignatureAlgorithm algorithm)
    {
        this.algorithm = algorithm;
        byte[] head = Head(template);
        byte[] tail = Tail(template);
        int room = head.Length + (3 * DerHeader.MaxOctets);
        buffer = new byte[checked(room + (template.Entries.Count * MaxEntryOctets) + tail.Length + MaxSignatureOctets)];
        start = room;
        end = room;

        AppendEntries(template.Entries);
        if (template.Entries.Count > 0) // revokedCertificates is absent when empty (RFC 5280 §5.1.2.6)
        {
            PrependHeader(Sequence);
        }

        Prepend(head);
        Append(tail);
        PrependHeader(Sequence);
    }

    /// <summary>Gets the TBSCertList, which is signed.</summary>
    public ReadOnlyMemory<byte> TbsDer => buffer.AsMemory(start..end);

    /// <summary>Puts the CRL together around the signed part, in place.</summary>
    public ReadOnlyMemory<byte> Finish(ReadOnlySpan<byte> signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        algorithm.Write(writer);
        writer.WriteBitString(signature);
        Append(writer.Encode());
        PrependHeader(Sequence);
        return buffer.AsMemory(start..end);
    }

    private byte[] Head(CrlTemplate template)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(1); // v2
        algorithm.Write(writer);
        writer.WriteEncodedValue(template.Issuer.SubjectDer.Span);
        X509Time.Write(writer, template.ThisUpdate);
        X509Time.Write(writer, template.NextUpdate);
        return writer.Encode();
    }

    private static byte[] Tail(CrlTemplate template)
    {
        var number = new AsnWriter(AsnEncodingRules.DER);
        number.WriteInteger(template.Number);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(ExtensionsTag))
        {
            ExtensionList.Write(writer,
            [
                StandardExtensions.AuthorityKeyIdentifier(template.Issuer.IssuerKeyIdentifier()),
                new(ExtensionOids.CrlNumber, Critical: false, number.Encode()),
            ]);
        }

        return writer.Encode();
    }

    private void AppendEntries(IReadOnlyList<CrlEntry> entries)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        foreach (CrlEntry entry in entries)
        {
            writer.Reset();
            WriteEntry(writer, entry);
            end += writer.Encode(buffer.AsSpan(end));
        }
    }

    private static void WriteEntry(AsnWriter writer, CrlEntry entry)
    {
        Span<byte> serial = stackalloc byte[SerialNumber.MaxOctets];
        using (writer.PushSequence())
        {
            entry.SerialNumber.WriteBigEndian(serial);
            writer.WriteIntegerUnsigned(serial.TrimStart((byte)0));
            X509Time.Write(writer, entry.RevokedAt);
            if (entry.Reason != RevocationReason.Unspecified) // RFC 5280 §5.3.1: absent rather than 0
            {
                CrlReason.WriteExtensions(writer, entry.Reason);
            }
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(buffer.AsSpan(end));
        end += bytes.Length;
    }

    private void Prepend(ReadOnlySpan<byte> bytes)
    {
        start -= bytes.Length;
        bytes.CopyTo(buffer.AsSpan(start));
    }

    private void PrependHeader(byte tag)
    {
        Span<byte> header = stackalloc byte[DerHeader.MaxOctets];
        Prepend(header[..DerHeader.Write(header, tag, end - start)]);
    }
}

/// <summary>Writes tag and length of a DER element (X.690 §8.1.3, §10.1).</summary>
internal static class DerHeader
{
    /// <summary>Limits the octets of a header: one of tag, one to five of length.</summary>
    public const int MaxOctets = 6;

    /// <summary>Writes a header and returns its length in octets.</summary>
    public static int Write(Span<byte> header, byte tag, int contentLength)
    {
        header[0] = tag;
        if (contentLength < 0x80)
        {
            header[1] = (byte)contentLength;
            return 2;
        }

        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, contentLength);
        ReadOnlySpan<byte> shortest = length.TrimStart((byte)0);
        header[1] = (byte)(0x80 | shortest.Length);
        shortest.CopyTo(header[2..]);
        return 2 + shortest.Length;
    }
}

/// <summary>Writes and reads the reasonCode of a CRL entry (RFC 5280 §5.3.1).</summary>
internal static class CrlReason
{
    private static readonly (RevocationReason Reason, byte[] Der)[] Written =
        [.. Enum.GetValues<RevocationReason>().Select(reason => (reason, Encode(reason)))];

    /// <summary>Writes crlEntryExtensions with the reason.</summary>
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
    /// <exception cref="AsnContentException">The octets are not of this form, the reason is none that this CA uses, or an
    /// extension is critical.</exception>
    public static RevocationReason Read(ReadOnlyMemory<byte> extensionsDer)
    {
        // Nearly every entry holds exactly what this CA writes: it need not be decoded.
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
            // RFC 5280 §5.3: a program that does not know a critical entry extension must not use the CRL.
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
