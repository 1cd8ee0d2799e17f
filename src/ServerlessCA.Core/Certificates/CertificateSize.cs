using ServerlessCA.Core.Keys;

namespace ServerlessCA.Core.Certificates;

/// <summary>How large certificates are and may be.</summary>
public static class CertificateSize
{
    /// <summary>Octets of DER at most (contract 12.26): TLS programs refuse larger certificate messages, and an item of a table
    /// holds 400 KB.</summary>
    public const int MaxOctets = 65_536;

    /// <summary>Octets of DER from which on some TLS programs refuse a certificate (contract 12.24): 16 KiB, a TLS record
    /// (RFC 8446 §5.1).</summary>
    public const int LargeOctets = 16_384;

    /// <summary>Octets of DER that a certificate will have, before it is signed: exact for RSA and ML-DSA; with ECDSA, whose
    /// signatures differ, a few more than it may be in the end.</summary>
    /// <param name="template">What it will say.</param>
    /// <param name="issuer">The kind of key that will sign it.</param>
    public static int Of(CertificateTemplate template, KeySpec issuer)
    {
        var algorithm = SignatureAlgorithm.Of(issuer);
        byte[] tbs = TbsCertificate.Encode(template, algorithm);
        return SignedDer.Encode(tbs, algorithm, new byte[KeySpecs.MaxSignatureOctets(issuer)]).Length;
    }
}
