using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ServerlessCA.Core.Keys;

/// <summary>How a CA key signs (contract section 3): RSA always PKCS#1 v1.5 with SHA-256, EC with the curve's hash,
/// the others pure. Immutable.</summary>
public sealed record SignatureAlgorithm
{
    private readonly bool nullParameters;

    private SignatureAlgorithm(KeyKind kind)
    {
        Oid = kind.SignatureOid;
        Digest = kind.Digest;
        nullParameters = kind.Algorithm == PublicKeyAlgorithm.Rsa;
    }

    /// <summary>Its object identifier, dotted.</summary>
    public string Oid { get; }

    /// <summary>The hash that is signed; null where the bytes themselves are signed (of ML-DSA also their external mu).</summary>
    public HashAlgorithmName? Digest { get; }

    /// <summary>The algorithm of a key.</summary>
    public static SignatureAlgorithm Of(KeySpec spec) => new(KeySpecs.KindOf(spec));

    /// <summary>The algorithm of a subject's key, as it signs requests: that of a CA's key of its kind, or the pure one of
    /// Ed25519 and Ed448 (RFC 8410 §6). Null for RSA of a size that no CA has.</summary>
    public static SignatureAlgorithm? Of(PublicKey key)
    {
        KeyKind kind = KeyKind.Of(key.Algorithm);
        return kind.Digest is null || KeySpecs.Of(key) is not null ? new(kind) : null;
    }

    /// <summary>Writes the AlgorithmIdentifier. RSA has NULL parameters (RFC 4055 §5), the others none
    /// (RFC 5758 §3.2, RFC 9881 §2).</summary>
    public void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oid);
            if (nullParameters)
            {
                writer.WriteNull();
            }
        }
    }
}
