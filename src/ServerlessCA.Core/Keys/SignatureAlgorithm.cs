using System.Diagnostics;
using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ServerlessCA.Core.Keys;

/// <summary>How a CA key signs (SPEC section 3): RSA always PKCS#1 v1.5 with SHA-256, EC with the curve's hash,
/// ML-DSA pure. Immutable.</summary>
public sealed class SignatureAlgorithm
{
    private static readonly SignatureAlgorithm Rsa = new(AlgorithmOids.Sha256WithRsa, HashAlgorithmName.SHA256, nullParameters: true);
    private static readonly SignatureAlgorithm P256 = new(AlgorithmOids.EcdsaWithSha256, HashAlgorithmName.SHA256);
    private static readonly SignatureAlgorithm P384 = new(AlgorithmOids.EcdsaWithSha384, HashAlgorithmName.SHA384);
    private static readonly SignatureAlgorithm P521 = new(AlgorithmOids.EcdsaWithSha512, HashAlgorithmName.SHA512);
    private static readonly SignatureAlgorithm MlDsa44 = new(AlgorithmOids.MlDsa44, digest: null);
    private static readonly SignatureAlgorithm MlDsa65 = new(AlgorithmOids.MlDsa65, digest: null);
    private static readonly SignatureAlgorithm MlDsa87 = new(AlgorithmOids.MlDsa87, digest: null);

    private readonly bool nullParameters;

    private SignatureAlgorithm(string oid, HashAlgorithmName? digest, bool nullParameters = false)
    {
        Oid = oid;
        Digest = digest;
        this.nullParameters = nullParameters;
    }

    /// <summary>Its object identifier, dotted.</summary>
    public string Oid { get; }

    /// <summary>The hash that is signed; null for ML-DSA, which signs the bytes themselves (or their external mu).</summary>
    public HashAlgorithmName? Digest { get; }

    /// <summary>The algorithm of a key.</summary>
    public static SignatureAlgorithm Of(KeySpec spec) => spec switch
    {
        KeySpec.Rsa2048 or KeySpec.Rsa3072 or KeySpec.Rsa4096 => Rsa,
        KeySpec.EccNistP256 => P256,
        KeySpec.EccNistP384 => P384,
        KeySpec.EccNistP521 => P521,
        KeySpec.MlDsa44 => MlDsa44,
        KeySpec.MlDsa65 => MlDsa65,
        KeySpec.MlDsa87 => MlDsa87,
        _ => throw new UnreachableException(),
    };

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
