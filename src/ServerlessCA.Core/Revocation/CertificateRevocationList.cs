using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>A parsed CRL (RFC 5280 §5.1): ours or the original's. Reading it checks its form, every entry included,
/// not its signature. Immutable.</summary>
public sealed class CertificateRevocationList
{
    /// <summary>A longer file is none that anybody means: 256 MiB, our decision, a CRL of five million entries.</summary>
    public const int MaxOctets = 1 << 28;

    private readonly SignedDer signed;
    private readonly TbsCertList tbs;

    private CertificateRevocationList(SignedDer signed)
    {
        this.signed = signed;
        tbs = TbsCertList.Decode(signed.TbsDer);
    }

    /// <summary>All of it.</summary>
    public ReadOnlyMemory<byte> Der => signed.Der;

    /// <summary>The issuer's name, DER.</summary>
    public ReadOnlyMemory<byte> IssuerDer => tbs.IssuerDer;

    /// <summary>The key identifier of the extension; null without one.</summary>
    public ReadOnlyMemory<byte>? AuthorityKeyIdentifier => tbs.AuthorityKeyIdentifier;

    /// <summary>The CRL number; null without one.</summary>
    public long? Number => tbs.Number;

    /// <summary>UTC, whole seconds.</summary>
    public DateTimeOffset ThisUpdate => tbs.ThisUpdate;

    /// <summary>UTC, whole seconds: when the next CRL will be out at the latest.</summary>
    public DateTimeOffset NextUpdate => tbs.NextUpdate;

    /// <summary>How many certificates it lists.</summary>
    public int EntryCount => tbs.EntryCount;

    /// <summary>The AlgorithmIdentifier beside the signature.</summary>
    internal ReadOnlyMemory<byte> SignatureAlgorithmDer => signed.AlgorithmDer;

    /// <summary>The AlgorithmIdentifier inside the signed part.</summary>
    internal ReadOnlyMemory<byte> TbsAlgorithmDer => tbs.SignatureAlgorithmDer;

    /// <summary>Reads DER; false when it is not one well-formed complete CRL, version 2, with a next update and nothing
    /// critical that this CA does not write.</summary>
    /// <param name="der">Kept, not copied: do not change it afterwards.</param>
    /// <param name="crl">The CRL.</param>
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

    /// <summary>PEM, label <c>X509 CRL</c>, with the final newline, in ASCII; made anew at every call.</summary>
    public byte[] Pem() => Certificates.Pem.EncodeAscii(Certificates.Pem.CrlLabel, Der.Span);

    /// <summary>The entries as they stand, read one by one.</summary>
    public IEnumerable<CrlEntry> Entries()
    {
        for (ReadOnlyMemory<byte> rest = tbs.EntriesDer; !rest.IsEmpty;)
        {
            int length = CrlEntryDecoder.Read(rest, out ReadOnlySpan<byte> serial, out DateTimeOffset at, out RevocationReason reason);
            yield return new CrlEntry(CrlEntryDecoder.SerialNumberOf(serial), at, reason);
            rest = rest[length..];
        }
    }

    /// <summary>Whether this key made the signature. Names and dates are not looked at.</summary>
    public bool IsSignedBy(PublicKey issuer) => signed.Verify(issuer) == SignatureVerdict.Valid;
}

/// <summary>One revoked certificate on a CRL. Immutable, and no object of its own: a CRL may have millions.</summary>
/// <param name="SerialNumber">Which certificate of the CRL's issuer.</param>
/// <param name="RevokedAt">UTC, whole seconds.</param>
/// <param name="Reason">Why.</param>
public readonly record struct CrlEntry(SerialNumber SerialNumber, DateTimeOffset RevokedAt, RevocationReason Reason);
