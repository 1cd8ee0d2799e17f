using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Revocation;

/// <summary>Reads files as CRLs that one key signed. A content that several of them share, such as a published CRL, its PEM form
/// and its copy, is parsed and its signature verified once. For one run; not for concurrent use.</summary>
/// <param name="issuer">The key that signed the CRLs.</param>
public sealed class CrlReader(PublicKey issuer)
{
    private const int MaxRecent = 4; // the published one, its copy, an old one, the one that is made: each may have 40 MB

    private readonly Queue<CertificateRevocationList> recent = new();

    /// <summary>Reads a numbered CRL of this key, in DER or PEM; null when it is none.</summary>
    /// <param name="content">Stays in use, not copied: do not change it afterwards.</param>
    public CertificateRevocationList? Read(ReadOnlyMemory<byte> content) => ReadDer(content) ?? ReadPem(content);

    /// <summary>Reads a numbered CRL of this key, in DER as relying parties want it (RFC 5280 §4.2.1.13); null when it is
    /// none.</summary>
    /// <param name="der">Stays in use, not copied: do not change it afterwards.</param>
    public CertificateRevocationList? ReadDer(ReadOnlyMemory<byte> der)
    {
        CertificateRevocationList? crl = recent.FirstOrDefault(read => read.Der.Span.SequenceEqual(der.Span));
        if (crl is null && CertificateRevocationList.TryDecode(der, out CertificateRevocationList? found)
            && found.Number is not null && found.IsSignedBy(issuer))
        {
            Remember(crl = found);
        }

        return crl;
    }

    /// <summary>Reads a numbered CRL of this key, in PEM; null when it is none.</summary>
    public CertificateRevocationList? ReadPem(ReadOnlyMemory<byte> content) =>
        TextFile.TryRead(content.Span, out string? pem, out _) && Pem.TryDecodeOne(pem, Pem.CrlLabel, out byte[]? der) ? ReadDer(der) : null;

    /// <summary>Remembers a CRL that this key has just signed, and that was verified.</summary>
    internal void Remember(CertificateRevocationList crl)
    {
        recent.Enqueue(crl);
        if (recent.Count > MaxRecent)
        {
            recent.Dequeue();
        }
    }
}
