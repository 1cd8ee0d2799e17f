using System.Diagnostics;

namespace ServerlessCA.Core.Keys;

/// <summary>Names and facts of the nine <see cref="KeySpec"/>s.</summary>
public static class KeySpecs
{
    private static readonly KeySpec[] All = Enum.GetValues<KeySpec>();

    /// <summary>The name that KMS and the Terraform variables use, such as <c>ECC_NIST_P256</c>.</summary>
    public static string KmsName(KeySpec spec) => spec switch
    {
        KeySpec.Rsa2048 => "RSA_2048",
        KeySpec.Rsa3072 => "RSA_3072",
        KeySpec.Rsa4096 => "RSA_4096",
        KeySpec.EccNistP256 => "ECC_NIST_P256",
        KeySpec.EccNistP384 => "ECC_NIST_P384",
        KeySpec.EccNistP521 => "ECC_NIST_P521",
        KeySpec.MlDsa44 => "ML_DSA_44",
        KeySpec.MlDsa65 => "ML_DSA_65",
        KeySpec.MlDsa87 => "ML_DSA_87",
        _ => throw new UnreachableException(),
    };

    /// <summary>Reads such a name; case counts, as it does for KMS.</summary>
    public static bool TryParse(string? kmsName, out KeySpec spec)
    {
        int at = Array.FindIndex(All, known => KmsName(known) == kmsName);
        spec = at >= 0 ? All[at] : default;
        return at >= 0;
    }

    /// <summary>The spec of a public key; null when a CA cannot have such a key (Ed25519, RSA of other sizes).</summary>
    public static KeySpec? Of(PublicKey key) => (key.Algorithm, key.ModulusBits) switch
    {
        (PublicKeyAlgorithm.Rsa, 2048) => KeySpec.Rsa2048,
        (PublicKeyAlgorithm.Rsa, 3072) => KeySpec.Rsa3072,
        (PublicKeyAlgorithm.Rsa, 4096) => KeySpec.Rsa4096,
        (PublicKeyAlgorithm.EcP256, _) => KeySpec.EccNistP256,
        (PublicKeyAlgorithm.EcP384, _) => KeySpec.EccNistP384,
        (PublicKeyAlgorithm.EcP521, _) => KeySpec.EccNistP521,
        (PublicKeyAlgorithm.MlDsa44, _) => KeySpec.MlDsa44,
        (PublicKeyAlgorithm.MlDsa65, _) => KeySpec.MlDsa65,
        (PublicKeyAlgorithm.MlDsa87, _) => KeySpec.MlDsa87,
        _ => null,
    };

    /// <summary>Octets of a signature at most: exact for RSA and ML-DSA (FIPS 204 table 2); of ECDSA, an Ecdsa-Sig-Value
    /// (RFC 3279 §2.2.3) whose two integers are as long as they can be.</summary>
    internal static int MaxSignatureOctets(KeySpec spec) => spec switch
    {
        KeySpec.Rsa2048 => 256,
        KeySpec.Rsa3072 => 384,
        KeySpec.Rsa4096 => 512,
        KeySpec.EccNistP256 => 72,
        KeySpec.EccNistP384 => 104,
        KeySpec.EccNistP521 => 139,
        KeySpec.MlDsa44 => 2420,
        KeySpec.MlDsa65 => 3309,
        KeySpec.MlDsa87 => 4627,
        _ => throw new UnreachableException(),
    };
}
