using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Certificates;

/// <summary>A parsed certificate (RFC 5280 §4.1): ours or the original's. Reading it checks its form, not its
/// signature. Immutable.</summary>
public sealed class Certificate
{
    private readonly SignedDer signed;
    private readonly TbsCertificate tbs;

    private Certificate(SignedDer signed)
    {
        this.signed = signed;
        tbs = TbsCertificate.Decode(signed.TbsDer);
        PublicKey = PublicKey.TryParse(tbs.SubjectPublicKeyInfo, out PublicKey? key, out _) ? key : null;
        Pem = Certificates.Pem.Encode(Certificates.Pem.CertificateLabel, signed.Der.Span);
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

    /// <summary>All of it.</summary>
    public ReadOnlyMemory<byte> Der => signed.Der;

    /// <summary>PEM with the final newline.</summary>
    public string Pem { get; }

    /// <summary>1, 2 or 3; ours have 3.</summary>
    public int Version => tbs.Version;

    /// <summary>The serial number.</summary>
    public SerialNumber SerialNumber => tbs.SerialNumber;

    /// <summary>The issuer's name, DER.</summary>
    public ReadOnlyMemory<byte> IssuerDer => tbs.IssuerDer;

    /// <summary>The subject's name, DER.</summary>
    public ReadOnlyMemory<byte> SubjectDer => tbs.SubjectDer;

    /// <summary>UTC, whole seconds.</summary>
    public DateTimeOffset NotBefore => tbs.NotBefore;

    /// <summary>UTC, whole seconds; the last second of validity.</summary>
    public DateTimeOffset NotAfter => tbs.NotAfter;

    /// <summary>The subject's key; null when our key policy refuses it (the original took any).</summary>
    public PublicKey? PublicKey { get; }

    /// <summary>The subject's key as DER, whatever it is.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo => tbs.SubjectPublicKeyInfo;

    /// <summary>In the order in which they stand.</summary>
    public IReadOnlyList<CertificateExtension> Extensions => tbs.Extensions;

    /// <summary>From the extension; null without it.</summary>
    public ReadOnlyMemory<byte>? SubjectKeyIdentifier { get; }

    /// <summary>The key identifier of the extension; null without one.</summary>
    public ReadOnlyMemory<byte>? AuthorityKeyIdentifier { get; }

    /// <summary>From the extension; null without it: any use.</summary>
    public KeyUsages? KeyUsage { get; }

    /// <summary>Dotted OIDs from the extension; none without it.</summary>
    public IReadOnlyList<string> ExtendedKeyUsages { get; }

    /// <summary>cA of the basic constraints.</summary>
    public bool IsCa { get; }

    /// <summary>CA certificates that may follow below; null: any number.</summary>
    public int? PathLength { get; }

    /// <summary>The signed part.</summary>
    public ReadOnlyMemory<byte> TbsDer => signed.TbsDer;

    /// <summary>The AlgorithmIdentifier beside the signature.</summary>
    public ReadOnlyMemory<byte> SignatureAlgorithmDer => signed.AlgorithmDer;

    /// <summary>The value of the signature BIT STRING.</summary>
    public ReadOnlyMemory<byte> Signature => signed.Signature;

    /// <summary>The AlgorithmIdentifier inside the signed part.</summary>
    internal ReadOnlyMemory<byte> TbsAlgorithmDer => tbs.SignatureAlgorithmDer;

    /// <summary>Reads DER; false when it is not one well-formed certificate with a positive serial number of at most 20 octets.</summary>
    /// <param name="der">Kept, not copied: do not change it afterwards.</param>
    /// <param name="certificate">The certificate.</param>
    public static bool TryDecode(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out Certificate? certificate)
    {
        try
        {
            certificate = new Certificate(SignedDer.Decode(der));
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

    /// <summary>Whether this key made the signature. Names and dates are not looked at.</summary>
    public bool IsSignedBy(PublicKey issuer) => signed.Verify(issuer) == SignatureVerdict.Valid;

    /// <summary>The first extension of this OID; null without one.</summary>
    public CertificateExtension? Find(string oid) => tbs.Extensions.FirstOrDefault(extension => extension.Oid == oid);

    /// <summary>What certificates and CRLs of this CA name as their authority key: its own subject key identifier
    /// (RFC 5280 §4.2.1.1), or, without one, that of method 1.</summary>
    internal ReadOnlyMemory<byte> IssuerKeyIdentifier() => SubjectKeyIdentifier
        ?? PublicKey?.KeyIdentifier
        ?? throw new ArgumentException("the issuer's certificate has neither a subject key identifier nor a key that is accepted");
}

/// <summary>An extension (RFC 5280 §4.2). Immutable.</summary>
/// <param name="Oid">Dotted.</param>
/// <param name="Critical">Whether those who do not know it must refuse the certificate.</param>
/// <param name="Value">The content of extnValue: one DER element.</param>
public sealed record CertificateExtension(string Oid, bool Critical, ReadOnlyMemory<byte> Value)
{
    /// <summary>Whether the other says the same, byte for byte.</summary>
    public bool IsSameAs(CertificateExtension other) =>
        Oid == other.Oid && Critical == other.Critical && Value.Span.SequenceEqual(other.Value.Span);
}
