using System.Formats.Asn1;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Certificates;

/// <summary>The outer form that certificates, CRLs and requests share: SEQUENCE { signed part, algorithm, BIT STRING } (RFC
/// 5280 §4.1, §5.1, RFC 2986 §4.2). Its parts are DER. Immutable.</summary>
/// <param name="Der">The whole element.</param>
/// <param name="TbsDer">The signed part.</param>
/// <param name="AlgorithmDer">The AlgorithmIdentifier of the signature.</param>
/// <param name="Signature">The value of the BIT STRING, which has no unused bits.</param>
internal sealed record SignedDer(
    ReadOnlyMemory<byte> Der, ReadOnlyMemory<byte> TbsDer, ReadOnlyMemory<byte> AlgorithmDer, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Splits an element into its parts.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static SignedDer Decode(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        AsnReader outer = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        ReadOnlyMemory<byte> tbs = outer.PeekEncodedValue();
        outer.ReadSequence();
        ReadOnlyMemory<byte> algorithm = outer.PeekEncodedValue();
        outer.ReadSequence();
        bool wholeOctets = outer.TryReadPrimitiveBitString(out int unusedBits, out ReadOnlyMemory<byte> signature) && unusedBits == 0;
        outer.ThrowIfNotEmpty();
        return wholeOctets ? new(der, tbs, algorithm, signature) : throw new AsnContentException("the signature has unused bits");
    }

    /// <summary>Joins the parts to one element.</summary>
    public static byte[] Encode(byte[] tbsDer, SignatureAlgorithm algorithm, byte[] signature) =>
        DerEncoding.Of((tbsDer, algorithm, signature), static (writer, parts) =>
        {
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(parts.tbsDer);
                parts.algorithm.Write(writer);
                writer.WriteBitString(parts.signature);
            }
        });

    /// <summary>Checks whether the key made the signature.</summary>
    public SignatureVerdict Verify(PublicKey key) =>
        SignatureVerifier.Verify(AlgorithmDer, key, SignedContent.Of(TbsDer), Signature);
}

/// <summary>Reads and writes the SEQUENCE OF Extension of certificates, CRLs and CRL entries (RFC 5280 §4.1, §5.1).</summary>
internal static class ExtensionList
{
    /// <summary>Reads the list that comes next.</summary>
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

    /// <summary>Writes the list. Leaves out DEFAULT FALSE, as DER requires (X.690 §11.5).</summary>
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

/// <summary>Reads and writes times in certificates and CRLs: whole seconds, UTC; UTCTime through 2049, GeneralizedTime from
/// 2050 (RFC 5280 §4.1.2.5).</summary>
internal static class X509Time
{
    /// <summary>Gets the last time that fits, which ends an unlimited validity (RFC 5280 §4.1.2.5).</summary>
    public static DateTimeOffset Last => BoundedTime.Last;

    /// <summary>Writes a time; cuts off fractions of a second.</summary>
    public static void Write(AsnWriter writer, DateTimeOffset time)
    {
        DateTimeOffset utc = TableTime.WholeSeconds(time);
        if (utc.Year is >= 1950 and < 2050) // the years that UTCTime can say
        {
            writer.WriteUtcTime(utc);
        }
        else
        {
            writer.WriteGeneralizedTime(utc, omitFractionalSeconds: true);
        }
    }

    /// <summary>Reads a time of either form.</summary>
    /// <exception cref="AsnContentException">Not a time with whole seconds in UTC.</exception>
    public static DateTimeOffset Read(AsnReader reader)
    {
        bool utcTime = reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime);
        DateTimeOffset time = utcTime ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();
        return time == TableTime.WholeSeconds(time) ? time : throw new AsnContentException("a time has fractions of a second");
    }

    /// <summary>Returns the time so many days later, but never after <see cref="Last"/>.</summary>
    public static DateTimeOffset AddDays(DateTimeOffset start, int days) =>
        days < (Last - start).TotalDays ? start.AddDays(days) : Last;

    /// <summary>Returns the earlier of two times.</summary>
    public static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    /// <summary>Returns the later of two times.</summary>
    public static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
