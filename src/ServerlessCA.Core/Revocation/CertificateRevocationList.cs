using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Numerics;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>Is a parsed CRL (RFC 5280 §5.1): ours or the original's. Reading it checks its form, every entry included, not its
/// signature. Immutable.</summary>
public sealed class CertificateRevocationList
{
    /// <summary>Limits the octets of a CRL: 256 MiB, our decision, a CRL of five million entries. A longer file is not read as
    /// one.</summary>
    public const int MaxOctets = 1 << 28;

    private readonly SignedDer signed;
    private readonly TbsCertList tbs;

    private CertificateRevocationList(SignedDer signed)
    {
        this.signed = signed;
        tbs = TbsCertList.Decode(signed.TbsDer);
    }

    /// <summary>Gets the whole CRL.</summary>
    public ReadOnlyMemory<byte> Der => signed.Der;

    /// <summary>Gets the issuer's name, DER.</summary>
    public ReadOnlyMemory<byte> IssuerDer => tbs.IssuerDer;

    /// <summary>Gets the key identifier of the extension; null without one.</summary>
    public ReadOnlyMemory<byte>? AuthorityKeyIdentifier => tbs.AuthorityKeyIdentifier;

    /// <summary>Gets the CRL number; null without one.</summary>
    public long? Number => tbs.Number;

    /// <summary>Gets the date of the CRL, UTC, whole seconds.</summary>
    public DateTimeOffset ThisUpdate => tbs.ThisUpdate;

    /// <summary>Gets the time when the next CRL is out at the latest, UTC, whole seconds.</summary>
    public DateTimeOffset NextUpdate => tbs.NextUpdate;

    /// <summary>Counts the certificates that it lists.</summary>
    public int EntryCount => tbs.EntryCount;

    /// <summary>Gets the AlgorithmIdentifier beside the signature.</summary>
    internal ReadOnlyMemory<byte> SignatureAlgorithmDer => signed.AlgorithmDer;

    /// <summary>Gets the AlgorithmIdentifier inside the signed part.</summary>
    internal ReadOnlyMemory<byte> TbsAlgorithmDer => tbs.SignatureAlgorithmDer;

    /// <summary>Reads DER; false when it is not one well-formed complete CRL, version 2, with a next update and nothing critical
    /// that this CA does not write.</summary>
    /// <param name="der">Stays in use, not copied: do not change it afterwards.</param>
    /// <param name="crl">Null where it cannot be read.</param>
    public static bool TryDecode(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out CertificateRevocationList? crl)
    {
        try
        {
            crl = new CertificateRevocationList(SignedDer.Decode(der));
        }
        catch (AsnContentException)
        {
            crl = null;
        }

        return crl is not null;
    }

    /// <summary>Returns the CRL in PEM, label <c>X509 CRL</c>, with the final newline, in ASCII; made anew at every
    /// call.</summary>
    public byte[] Pem() => Certificates.Pem.EncodeAscii(Certificates.Pem.CrlLabel, Der.Span);

    /// <summary>Reads the entries one by one, in their order.</summary>
    public IEnumerable<CrlEntry> Entries()
    {
        for (ReadOnlyMemory<byte> rest = tbs.EntriesDer; !rest.IsEmpty;)
        {
            int length = CrlEntryDecoder.Read(rest, out ReadOnlySpan<byte> serial, out DateTimeOffset at, out RevocationReason reason);
            yield return new CrlEntry(CrlEntryDecoder.SerialNumberOf(serial), at, reason);
            rest = rest[length..];
        }
    }

    /// <summary>Says whether this key made the signature. Names and dates are not looked at.</summary>
    public bool IsSignedBy(PublicKey issuer) => signed.Verify(issuer) == SignatureVerdict.Valid;
}

/// <summary>Is one revoked certificate on a CRL. Immutable, and a value type: a CRL may have millions.</summary>
/// <param name="SerialNumber">A certificate of the CRL's issuer.</param>
/// <param name="RevokedAt">UTC, whole seconds.</param>
/// <param name="Reason">Unspecified when the entry has none.</param>
public readonly record struct CrlEntry(SerialNumber SerialNumber, DateTimeOffset RevokedAt, RevocationReason Reason);

/// <summary>Holds the fields of the signed part of a CRL (RFC 5280 §5.1.2). Immutable.</summary>
internal sealed record TbsCertList
{
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 0);

    public required ReadOnlyMemory<byte> SignatureAlgorithmDer { get; init; }

    public required ReadOnlyMemory<byte> IssuerDer { get; init; }

    public required DateTimeOffset ThisUpdate { get; init; }

    public required DateTimeOffset NextUpdate { get; init; }

    /// <summary>Gets the entries, one after the other.</summary>
    public required ReadOnlyMemory<byte> EntriesDer { get; init; }

    public required int EntryCount { get; init; }

    public ReadOnlyMemory<byte>? AuthorityKeyIdentifier { get; init; }

    public long? Number { get; init; }

    /// <summary>Decodes the signed part and reads every entry once.</summary>
    /// <exception cref="AsnContentException">The octets are not DER, or not of this form.</exception>
    public static TbsCertList Decode(ReadOnlyMemory<byte> der)
    {
        AsnReader tbs = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        if (!tbs.ReadInteger().IsOne)
        {
            throw new AsnContentException("not version 2");
        }

        ReadOnlyMemory<byte> algorithm = tbs.ReadEncodedValue();
        ReadOnlyMemory<byte> issuer = tbs.ReadEncodedValue();
        DateTimeOffset thisUpdate = X509Time.Read(tbs);
        DateTimeOffset nextUpdate = X509Time.Read(tbs);
        ReadOnlyMemory<byte> entries = ReadEntries(tbs);
        IReadOnlyList<CertificateExtension> extensions = tbs.HasData ? ReadExtensions(tbs) : [];
        tbs.ThrowIfNotEmpty();
        return new()
        {
            SignatureAlgorithmDer = algorithm,
            IssuerDer = issuer,
            ThisUpdate = thisUpdate,
            NextUpdate = nextUpdate,
            EntriesDer = entries,
            EntryCount = CountEntries(entries),
            AuthorityKeyIdentifier = Find(extensions, ExtensionOids.AuthorityKeyIdentifier) is { } aki
                ? ExtensionValues.AuthorityKey(aki) : null,
            Number = Find(extensions, ExtensionOids.CrlNumber) is { } number ? ReadNumber(number) : null,
        };
    }

    private static ReadOnlyMemory<byte> ReadEntries(AsnReader tbs)
    {
        if (!tbs.HasData || !tbs.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            return default; // none revoked
        }

        ReadOnlyMemory<byte> content = tbs.PeekContentBytes();
        tbs.ReadSequence();
        return content;
    }

    private static int CountEntries(ReadOnlyMemory<byte> entries)
    {
        int count = 0;
        for (ReadOnlyMemory<byte> rest = entries; !rest.IsEmpty; count++)
        {
            rest = rest[CrlEntryDecoder.Read(rest, out _, out _, out _)..];
        }

        return count;
    }

    private static IReadOnlyList<CertificateExtension> ReadExtensions(AsnReader tbs)
    {
        AsnReader tagged = tbs.ReadSequence(ExtensionsTag);
        IReadOnlyList<CertificateExtension> extensions = ExtensionList.Read(tagged);
        tagged.ThrowIfNotEmpty();

        // RFC 5280 §5.2: a program that does not know a critical extension (delta CRLs, partial CRLs) must not use the CRL.
        return extensions.Any(extension => extension.Critical)
            ? throw new AsnContentException("a critical extension")
            : extensions;
    }

    private static ReadOnlyMemory<byte>? Find(IReadOnlyList<CertificateExtension> extensions, string oid) =>
        extensions.FirstOrDefault(extension => extension.Oid == oid)?.Value;

    private static long ReadNumber(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnReader(value, AsnEncodingRules.DER);
        BigInteger number = reader.ReadInteger();
        reader.ThrowIfNotEmpty();
        bool fits = number.Sign >= 0 && number <= long.MaxValue;
        return fits ? (long)number : throw new AsnContentException("the number is negative or too large");
    }
}

/// <summary>Reads entries of revokedCertificates (RFC 5280 §5.1.2.6) without allocating: there may be a million.</summary>
internal static class CrlEntryDecoder
{
    private const AsnEncodingRules Rules = AsnEncodingRules.DER;

    /// <summary>Reads the first entry and returns its length.</summary>
    /// <exception cref="AsnContentException">The octets are not DER, or not of this form.</exception>
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

    /// <summary>Returns the number that such octets encode.</summary>
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
