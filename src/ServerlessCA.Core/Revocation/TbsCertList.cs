using System.Formats.Asn1;
using System.Numerics;
using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Revocation;

/// <summary>The part of a CRL that is signed (RFC 5280 §5.1.2), taken apart. Immutable.</summary>
internal sealed record TbsCertList
{
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 0);

    public required ReadOnlyMemory<byte> SignatureAlgorithmDer { get; init; }

    public required ReadOnlyMemory<byte> IssuerDer { get; init; }

    public required DateTimeOffset ThisUpdate { get; init; }

    public required DateTimeOffset NextUpdate { get; init; }

    /// <summary>One entry after the other.</summary>
    public required ReadOnlyMemory<byte> EntriesDer { get; init; }

    public required int EntryCount { get; init; }

    public ReadOnlyMemory<byte>? AuthorityKeyIdentifier { get; init; }

    public long? Number { get; init; }

    /// <summary>Takes it apart and reads every entry once.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
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

        // RFC 5280 §5.2: who does not know a critical extension (delta CRLs, partial CRLs) must not use the CRL.
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
