using System.Formats.Asn1;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>Reads entries of revokedCertificates (RFC 5280 §5.1.2.6), without garbage: there may be a million.</summary>
internal static class CrlEntryDecoder
{
    private const AsnEncodingRules Rules = AsnEncodingRules.DER;

    /// <summary>Reads the first entry and says how long it is.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static int Read(
        ReadOnlyMemory<byte> entries, out ReadOnlySpan<byte> serial, out DateTimeOffset revokedAt, out RevocationReason reason)
    {
        AsnDecoder.ReadSequence(entries.Span, Rules, out int offset, out int contentLength, out int length);
        ReadOnlyMemory<byte> entry = entries.Slice(offset, contentLength);
        serial = AsnDecoder.ReadIntegerBytes(entry.Span, Rules, out int serialLength);
        bool fits = serial.Length <= SerialNumber.MaxOctets && (serial[0] & 0x80) == 0 && serial is not [0];
        if (!fits)
        {
            throw new AsnContentException("a serial number is not positive or too long");
        }

        revokedAt = ReadTime(entry.Span[serialLength..], out int timeLength);
        ReadOnlyMemory<byte> extensions = entry[(serialLength + timeLength)..];
        reason = extensions.IsEmpty ? RevocationReason.Unspecified : CrlReason.Read(extensions);
        return length;
    }

    /// <summary>The number that such octets say.</summary>
    public static SerialNumber SerialNumberOf(ReadOnlySpan<byte> serial) =>
        SerialNumber.FromBigEndian(serial);

    private static DateTimeOffset ReadTime(ReadOnlySpan<byte> der, out int length)
    {
        Asn1Tag tag = Asn1Tag.Decode(der, out _);
        DateTimeOffset time = tag.HasSameClassAndValue(Asn1Tag.UtcTime)
            ? AsnDecoder.ReadUtcTime(der, Rules, out length)
            : AsnDecoder.ReadGeneralizedTime(der, Rules, out length);
        return time == TableTime.WholeSeconds(time) ? time : throw new AsnContentException("a time has fractions of a second");
    }
}
