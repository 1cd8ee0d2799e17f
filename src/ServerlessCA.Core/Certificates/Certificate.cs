using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Certificates;

/// <summary>A parsed certificate (RFC 5280 §4.1), issued by us or by the original. Reading it checks its form, not its
/// signature. Immutable.</summary>
public sealed class Certificate
{
    private readonly SignedDer signed;
    private readonly TbsCertificate tbs;
    private string? pem;

    private Certificate(SignedDer signed, PublicKey? expectedKey)
    {
        this.signed = signed;
        tbs = TbsCertificate.Decode(signed.TbsDer);
        PublicKey = expectedKey is not null && expectedKey.SubjectPublicKeyInfo.Span.SequenceEqual(tbs.SubjectPublicKeyInfo.Span) ? expectedKey
            : PublicKey.TryParse(tbs.SubjectPublicKeyInfo, out PublicKey? key, out _) ? key
            : null;
        SubjectKeyIdentifier = Find(ExtensionOids.SubjectKeyIdentifier) is { } subjectKey
            ? ExtensionValues.OctetString(subjectKey.Value) : null;
        AuthorityKeyIdentifier = Find(ExtensionOids.AuthorityKeyIdentifier) is { } authorityKey
            ? ExtensionValues.AuthorityKey(authorityKey.Value) : null;
        KeyUsage = Find(ExtensionOids.KeyUsage) is { } usage ? ExtensionValues.KeyUsage(usage.Value) : null;
        ExtendedKeyUsages = Find(ExtensionOids.ExtendedKeyUsage) is { } purposes
            ? ExtensionValues.ExtendedKeyUsage(purposes.Value) : [];
        if (Find(ExtensionOids.BasicConstraints) is { } constraints)
        {
            (IsCa, PathLength) = ExtensionValues.BasicConstraints(constraints.Value);
        }
    }

    /// <summary>Gets the whole certificate, DER.</summary>
    public ReadOnlyMemory<byte> Der => signed.Der;

    /// <summary>Gets the PEM text with the final newline.</summary>
    public string Pem => pem ??= Certificates.Pem.Encode(Certificates.Pem.CertificateLabel, signed.Der.Span);

    /// <summary>Gets 1, 2 or 3; ours have 3.</summary>
    public int Version => tbs.Version;

    /// <summary>Gets the serial number.</summary>
    public SerialNumber SerialNumber => tbs.SerialNumber;

    /// <summary>Gets the issuer's name, DER.</summary>
    public ReadOnlyMemory<byte> IssuerDer => tbs.IssuerDer;

    /// <summary>Gets the subject's name, DER.</summary>
    public ReadOnlyMemory<byte> SubjectDer => tbs.SubjectDer;

    /// <summary>Gets the first second of validity, UTC.</summary>
    public DateTimeOffset NotBefore => tbs.NotBefore;

    /// <summary>Gets the last second of validity, UTC.</summary>
    public DateTimeOffset NotAfter => tbs.NotAfter;

    /// <summary>Gets the subject's key; null when our key policy refuses it (the original accepted any).</summary>
    public PublicKey? PublicKey { get; }

    /// <summary>Gets the subject's key as DER, whatever it is.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo => tbs.SubjectPublicKeyInfo;

    /// <summary>Gets the extensions in the order of the encoding.</summary>
    public IReadOnlyList<CertificateExtension> Extensions => tbs.Extensions;

    /// <summary>Gets the identifier from the extension; null without one.</summary>
    public ReadOnlyMemory<byte>? SubjectKeyIdentifier { get; }

    /// <summary>Gets the key identifier from the extension; null without one.</summary>
    public ReadOnlyMemory<byte>? AuthorityKeyIdentifier { get; }

    /// <summary>Gets the key identifier of the authority in lower-case hexadecimal, as rows name the key that signed; null without
    /// one.</summary>
    public string? AuthorityKeyId => AuthorityKeyIdentifier is { } id ? Convert.ToHexStringLower(id.Span) : null;

    /// <summary>Lists the subject alternative names, in order; none without the extension, null when it cannot be read.</summary>
    public IReadOnlyList<AlternativeName>? AlternativeNames =>
        Find(ExtensionOids.SubjectAlternativeName) is not { } extension ? []
        : GeneralNames.TryRead(extension.Value, out IReadOnlyList<AlternativeName> names) ? names
        : null;

    /// <summary>Gets the usages from the extension; null without one, which allows any use.</summary>
    public KeyUsages? KeyUsage { get; }

    /// <summary>Gets the dotted OIDs from the extension; none without one.</summary>
    public IReadOnlyList<string> ExtendedKeyUsages { get; }

    /// <summary>Says whether the basic constraints have cA.</summary>
    public bool IsCa { get; }

    /// <summary>Gets how many CA certificates may follow below; null: any number.</summary>
    public int? PathLength { get; }

    /// <summary>Gets the signed part, DER.</summary>
    public ReadOnlyMemory<byte> TbsDer => signed.TbsDer;

    /// <summary>Gets the AlgorithmIdentifier beside the signature, DER.</summary>
    public ReadOnlyMemory<byte> SignatureAlgorithmDer => signed.AlgorithmDer;

    /// <summary>Gets the value of the signature BIT STRING.</summary>
    public ReadOnlyMemory<byte> Signature => signed.Signature;

    /// <summary>Gets the AlgorithmIdentifier inside the signed part, DER.</summary>
    internal ReadOnlyMemory<byte> TbsAlgorithmDer => tbs.SignatureAlgorithmDer;

    /// <summary>Reads DER. Fails unless it is one well-formed certificate with a positive serial number of at most 20
    /// octets.</summary>
    /// <param name="der">Used without a copy: do not change it afterwards.</param>
    /// <param name="certificate">Null when the bytes are refused.</param>
    public static bool TryDecode(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out Certificate? certificate) =>
        TryDecode(der, expectedKey: null, out certificate);

    /// <summary>Reads DER whose key is probably known. The same bytes are the same key, and are not checked again.</summary>
    /// <param name="der">Used without a copy: do not change it afterwards.</param>
    /// <param name="expectedKey">The key that the certificate should have; null: any.</param>
    /// <param name="certificate">Null when the bytes are refused.</param>
    internal static bool TryDecode(ReadOnlyMemory<byte> der, PublicKey? expectedKey, [NotNullWhen(true)] out Certificate? certificate)
    {
        try
        {
            certificate = new Certificate(SignedDer.Decode(der), expectedKey);
        }
        catch (AsnContentException)
        {
            certificate = null;
        }

        return certificate is not null;
    }

    /// <summary>Reads a text that is one PEM block <c>CERTIFICATE</c>.</summary>
    public static bool TryDecodePem(string pem, [NotNullWhen(true)] out Certificate? certificate)
    {
        certificate = null;
        return Certificates.Pem.TryDecodeOne(pem, Certificates.Pem.CertificateLabel, out byte[]? der) && TryDecode(der, out certificate);
    }

    /// <summary>Checks whether this key made the signature. Ignores names and dates.</summary>
    public bool IsSignedBy(PublicKey issuer) => signed.Verify(issuer) == SignatureVerdict.Valid;

    /// <summary>Checks whether a CA issued it: the issuer's name is that of the CA, and the CA's key made the signature. Ignores dates, and
    /// whether the CA may issue.</summary>
    /// <param name="issuer">The CA's certificate; one whose key is of no kind that is accepted issued nothing.</param>
    public bool IsIssuedBy(Certificate issuer) =>
        issuer.SubjectDer.Span.SequenceEqual(IssuerDer.Span) && issuer.PublicKey is { } key && IsSignedBy(key);

    /// <summary>Finds the first extension with an OID; null without one.</summary>
    public CertificateExtension? Find(string oid) => tbs.Extensions.Find(oid);

    /// <summary>Returns the key identifier that certificates and CRLs of this CA name as their authority: its own subject key
    /// identifier (RFC 5280 §4.2.1.1), or, without one, that of method 1.</summary>
    internal ReadOnlyMemory<byte> IssuerKeyIdentifier() => SubjectKeyIdentifier
        ?? PublicKey?.KeyIdentifier
        ?? throw new ArgumentException("the issuer's certificate has neither a subject key identifier nor a key that is accepted");
}

/// <summary>Finds extensions in a list.</summary>
internal static class CertificateExtensions
{
    /// <summary>Returns the first extension with an OID; null without one.</summary>
    public static CertificateExtension? Find(this IReadOnlyList<CertificateExtension> extensions, string oid)
    {
        for (int i = 0; i < extensions.Count; i++)
        {
            if (extensions[i].Oid == oid)
            {
                return extensions[i];
            }
        }

        return null;
    }
}

/// <summary>An extension, as it stands in the encoding (RFC 5280 §4.2). Immutable.</summary>
/// <param name="Oid">Dotted.</param>
/// <param name="Critical">Whether programs that do not know the extension must refuse the certificate.</param>
/// <param name="Value">The content of extnValue, one DER element.</param>
public sealed record CertificateExtension(string Oid, bool Critical, ReadOnlyMemory<byte> Value)
{
    /// <summary>Says whether both are the same, byte for byte.</summary>
    public bool IsSameAs(CertificateExtension other) =>
        Oid == other.Oid && Critical == other.Critical && Value.Span.SequenceEqual(other.Value.Span);
}
